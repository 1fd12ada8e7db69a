#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The keys that the codes of pages are signed with: beside the database, in nobody's hands but the owner's.
load cli
setup() {
  cli_setup
  make_clinic
  open_case clinic
  request_text | clinic -q form fill R8-0001 fj-2-1 -
}
print() { clinic -q -y form print R8-0001 fj-2-1 -o "$1"; }
keys() { clinic db paper-keys --format json | jq -c '[.paper_keys[].key]'; }

@test "init makes a key that only its owner reads, and no copy of the database holds it" {
  [[ $(stat -c %a clinic.db.paper-keys) == 600 && $(keys) == '["K1"]' ]]
  mkdir copies
  clinic -q db backup --to copies
  secret=$(cut -d' ' -f3 clinic.db.paper-keys)
  run ! grep -rqF -- "$secret" copies clinic.db clinic.db-wal
}

@test "without its keys a database prints no paper, and says what to do; a blank and a preview need none" {
  mv clinic.db.paper-keys away
  refused 4 clinic form print R8-0001 fj-2-1 -o lost.pdf
  [[ $stderr == *CS111* && $stderr == *"db paper-keys --new"* && ! -e lost.pdf ]]
  refused 4 clinic db paper-keys
  clinic -q form print R8-0001 fj-2-1 -o preview.html
  clinic -q form blank fj-2-1 -o blank.pdf
  run --separate-stderr clinic doctor --format json
  jq -e 'any(.checks[]; .check == "keys of pages" and .result == "error")' <<<"$output"
  mv away clinic.db.paper-keys
  print found.pdf
  clinic doctor --format json | jq -e 'any(.checks[]; .check == "keys of pages" and .result == "ok")'
}

@test "keys that others may read, and the keys of another database, sign nothing" {
  chmod 640 clinic.db.paper-keys
  refused 4 clinic form print R8-0001 fj-2-1 -o open.pdf
  [[ $stderr == *CS101* ]]
  make_association
  mv clinic.db.paper-keys own
  cp association.db.paper-keys clinic.db.paper-keys
  chmod 600 own
  refused 4 clinic form print R8-0001 fj-2-1 -o foreign.pdf
  [[ $stderr == *CS111* ]]
  # The lines of both in one file: each database finds its own.
  cat own >>clinic.db.paper-keys
  print both.pdf
}

@test "a reprint has the same bytes after a rotation; what is made then bears the new key" {
  print before.pdf
  clinic -q --dry-run db paper-keys --new
  [[ $(keys) == '["K1"]' ]]
  clinic -q db paper-keys --new
  [[ $(keys | jq length) == 2 ]]
  print again.pdf
  cmp before.pdf again.pdf
  echo 'corp_phone = 0466-00-0009' | clinic -q form fill R8-0001 fj-2-1 -
  print new.pdf
  run ! cmp -s before.pdf new.pdf
  clinic verify
  clinic db paper-keys --format json | jq -e '.paper_keys[1].from > .paper_keys[0].from'
}

@test "a lost file is replaced by a new key on request" {
  rm clinic.db.paper-keys
  clinic -q db paper-keys --new
  [[ $(keys | jq length) == 1 && $(keys) != '["K1"]' && $(stat -c %a clinic.db.paper-keys) == 600 ]]
  print after.pdf
}

@test "a file that another database left is kept" {
  cp clinic.db.paper-keys old
  rm clinic.db clinic.db-wal clinic.db-shm clinic.db-queue 2>/dev/null || true
  make_clinic
  [[ $(wc -l <clinic.db.paper-keys) -eq 2 && $(head -n 1 clinic.db.paper-keys) == "$(cat old)" ]]
}
