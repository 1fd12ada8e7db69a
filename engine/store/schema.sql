-- SPDX-License-Identifier: Apache-2.0
-- schema.sql - the case database, version 4, as store_create makes it. An earlier file comes to
-- the same by the numbered steps in sqlite_migrate.c.
--
-- Every key begins with the office. Times are microseconds UTC. Texts are UTF-8.
-- Triggers keep journal and access log append-only against accidents; the hash chains
-- detect the rest.

CREATE TABLE office (
  office  TEXT PRIMARY KEY NOT NULL
) STRICT;

CREATE TABLE case_record (
  office       TEXT NOT NULL REFERENCES office,
  id           TEXT NOT NULL,
  number       TEXT NOT NULL,
  fiscal_year  TEXT NOT NULL,
  procedure    TEXT NOT NULL,
  municipality TEXT NOT NULL,
  bundle       TEXT NOT NULL,
  revision     INTEGER NOT NULL CHECK (revision >= 1),
  closed       INTEGER NOT NULL CHECK (closed IN (0, 1)),
  overdue      INTEGER NOT NULL CHECK (overdue IN (0, 1)),
  states       TEXT NOT NULL,
  waits_for    TEXT NOT NULL,
  label        TEXT,
  opened       INTEGER NOT NULL,
  updated      INTEGER NOT NULL,
  happened     INTEGER NOT NULL,
  snapshot     BLOB NOT NULL,
  PRIMARY KEY (office, id),
  UNIQUE (office, number)
) STRICT;

-- What a case is found by, both read in the order of numbers: a mark is "open", "overdue", or a
-- procedure, state or role waited for; a gram is one or two characters that follow each other in a
-- search key. Both follow from case_record and search_key; verify sees that they do.
CREATE TABLE case_mark (
  office TEXT NOT NULL,
  mark   TEXT NOT NULL,
  number TEXT NOT NULL,
  PRIMARY KEY (office, mark, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_gram (
  office TEXT NOT NULL,
  gram   TEXT NOT NULL,
  number TEXT NOT NULL,
  PRIMARY KEY (office, gram, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
  office      TEXT NOT NULL REFERENCES office,
  fiscal_year TEXT NOT NULL,
  last        INTEGER NOT NULL,
  PRIMARY KEY (office, fiscal_year)
) STRICT, WITHOUT ROWID;

CREATE TABLE paper (
  office    TEXT NOT NULL,
  id        TEXT NOT NULL,
  case_id   TEXT NOT NULL,
  form      TEXT NOT NULL,
  key       TEXT NOT NULL,
  filled_by TEXT,
  state     TEXT NOT NULL,
  version   INTEGER NOT NULL,
  data      BLOB,
  lifecycle BLOB,
  PRIMARY KEY (office, id),
  UNIQUE (office, case_id, form, key),
  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)
) STRICT;

-- One row an exemplar: it has exactly one holder at every moment.
CREATE TABLE exemplar (
  office   TEXT NOT NULL,
  id       TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  kind     TEXT NOT NULL,
  holder   TEXT NOT NULL CHECK (holder <> ''),
  source   TEXT,
  since    INTEGER NOT NULL,
  judged   INTEGER NOT NULL CHECK (judged IN (0, 1)),
  PRIMARY KEY (office, id),
  FOREIGN KEY (office, paper_id) REFERENCES paper (office, id)
) STRICT;
CREATE INDEX exemplar_by_paper ON exemplar (office, paper_id);

-- No foreign key to paper and exemplar: their indexes would cost every event two pages, and only undo
-- ever removes a paper. verify looks instead.
CREATE TABLE transmission (
  office      TEXT NOT NULL,
  id          TEXT NOT NULL,
  case_id     TEXT NOT NULL,
  paper_id    TEXT,
  exemplar_id TEXT,
  sender      TEXT NOT NULL,
  recipient   TEXT NOT NULL,
  channel     TEXT,
  direction   TEXT NOT NULL CHECK (direction IN ('out', 'in', 'note')),
  state       TEXT NOT NULL,
  title       TEXT,
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL,
  PRIMARY KEY (office, id),
  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)
) STRICT;
CREATE INDEX transmission_by_case ON transmission (office, case_id);
CREATE INDEX transmission_by_state ON transmission (office, direction, state);

CREATE TABLE timer (
  office  TEXT NOT NULL,
  case_id TEXT NOT NULL,
  place   INTEGER NOT NULL,
  send_id TEXT NOT NULL,
  event   TEXT NOT NULL,
  due     INTEGER NOT NULL,
  PRIMARY KEY (office, case_id, place),
  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_by_due ON timer (office, due);

CREATE TABLE register_entry (
  office  TEXT NOT NULL REFERENCES office,
  name    TEXT NOT NULL,
  key     TEXT NOT NULL,
  state   TEXT NOT NULL,
  fields  TEXT NOT NULL,
  case_id TEXT,
  since   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  PRIMARY KEY (office, name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE register_history (
  office  TEXT NOT NULL REFERENCES office,
  name    TEXT NOT NULL,
  key     TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  place   INTEGER NOT NULL,
  state   TEXT NOT NULL,
  fields  TEXT NOT NULL,
  case_id TEXT,
  since   INTEGER NOT NULL,
  PRIMARY KEY (office, name, key, seq, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_seq ON register_history (office, seq, place);

-- One chain for the whole file. A body and its salt may be erased by disposal; the
-- commitment stays.
CREATE TABLE journal (
  seq         INTEGER PRIMARY KEY,
  office      TEXT NOT NULL REFERENCES office,
  case_id     TEXT,
  revision    INTEGER NOT NULL,
  happened    INTEGER NOT NULL,
  entered     INTEGER NOT NULL,
  operator    TEXT NOT NULL,
  actor       TEXT,
  kind        TEXT NOT NULL,
  event       TEXT,
  evidence    TEXT,
  why         TEXT,
  bundle      TEXT,
  request_id  TEXT NOT NULL,
  body_commit BLOB NOT NULL CHECK (length(body_commit) = 32),
  previous    BLOB NOT NULL CHECK (length(previous) = 32),
  hash        BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX journal_by_case ON journal (office, case_id, seq);

CREATE TABLE journal_body (
  seq  INTEGER PRIMARY KEY REFERENCES journal,
  salt BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE request (
  office TEXT NOT NULL REFERENCES office,
  id     TEXT NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_key (
  office  TEXT NOT NULL,
  case_id TEXT NOT NULL,
  place   INTEGER NOT NULL,
  key     TEXT NOT NULL,
  PRIMARY KEY (office, case_id, place),
  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
  hash  BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
  bytes BLOB NOT NULL
) STRICT;

-- A page that came by FAX or was scanned: beside a case, or (case_id NULL) in the tray. What it is, the
-- register "scan" says. No blob: it is one office's, and it goes with its case.
CREATE TABLE picture (
  office  TEXT NOT NULL REFERENCES office,
  id      TEXT NOT NULL,
  case_id TEXT,
  hash    BLOB NOT NULL CHECK (length(hash) = 32),
  bytes   BLOB NOT NULL,
  PRIMARY KEY (office, id),
  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)
) STRICT;
CREATE INDEX picture_by_case ON picture (office, case_id, id);

-- What has been disposed of: everything that the case's journal entries before `seq` wrote beside
-- themselves may go, and only that.
CREATE TABLE disposal (
  office  TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq     INTEGER NOT NULL REFERENCES journal,
  PRIMARY KEY (office, case_id),
  FOREIGN KEY (office, case_id) REFERENCES case_record (office, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX disposal_by_seq ON disposal (seq);

CREATE TABLE access_log (
  seq         INTEGER PRIMARY KEY,
  office      TEXT NOT NULL REFERENCES office,
  entered     INTEGER NOT NULL,
  operator    TEXT NOT NULL,
  action      TEXT NOT NULL,
  case_number TEXT,
  detail      TEXT,
  result      TEXT NOT NULL,
  hash        BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER body_no_update BEFORE UPDATE ON journal_body
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER access_no_update BEFORE UPDATE ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER access_no_delete BEFORE DELETE ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
-- Bodies and histories are kept until their case is disposed of.
CREATE TRIGGER body_no_delete BEFORE DELETE ON journal_body
WHEN NOT EXISTS (SELECT 1 FROM journal j JOIN disposal d ON d.office = j.office AND d.case_id = j.case_id
                 WHERE j.seq = OLD.seq AND j.seq < d.seq)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER history_no_update BEFORE UPDATE ON register_history
WHEN NEW.office <> OLD.office OR NEW.name <> OLD.name OR NEW.key <> OLD.key OR NEW.seq <> OLD.seq
  OR NEW.place <> OLD.place OR NEW.state <> OLD.state OR NEW.case_id IS NOT OLD.case_id
  OR NEW.since <> OLD.since
  OR NOT EXISTS (SELECT 1 FROM journal j JOIN disposal d ON d.office = j.office AND d.case_id = j.case_id
                 WHERE j.seq = OLD.seq AND j.seq < d.seq)
BEGIN SELECT RAISE(ABORT, 'the history of registers is append-only'); END;
CREATE TRIGGER history_no_delete BEFORE DELETE ON register_history
WHEN NOT EXISTS (SELECT 1 FROM journal j JOIN disposal d ON d.office = j.office AND d.case_id = j.case_id
                 WHERE j.seq = OLD.seq AND j.seq < d.seq)
BEGIN SELECT RAISE(ABORT, 'the history of registers is append-only'); END;
CREATE TRIGGER picture_no_update BEFORE UPDATE OF office, id, hash, bytes ON picture
BEGIN SELECT RAISE(ABORT, 'a picture is kept as it came'); END;
CREATE TRIGGER disposal_must_be_journaled BEFORE INSERT ON disposal
WHEN NOT EXISTS (SELECT 1 FROM journal j WHERE j.seq = NEW.seq AND j.office = NEW.office
                 AND j.case_id = NEW.case_id AND j.kind = 'disposed')
BEGIN SELECT RAISE(ABORT, 'a disposal stands in the journal first'); END;
CREATE TRIGGER disposal_no_update BEFORE UPDATE ON disposal
BEGIN SELECT RAISE(ABORT, 'a disposal is for ever'); END;
CREATE TRIGGER disposal_no_delete BEFORE DELETE ON disposal
BEGIN SELECT RAISE(ABORT, 'a disposal is for ever'); END;
