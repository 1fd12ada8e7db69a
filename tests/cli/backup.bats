#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Copies of the database, and the drill of going back to one.
load cli
setup() {
  cli_setup
  make_association
  open_case association
  mkdir -m 700 copies
}
copies() { find copies -name '*.db' | sort; }

@test "a copy is complete, verified, readable by its owner only, and noted" {
  run --separate-stderr association db backup --to copies --format json
  [[ $status -eq 0 ]]
  jq -e '.backups[0] | .result == "made" and .entries > 0' <<<"$output"
  file=$(copies)
  [[ $(stat -c %a "$file") == 600 && $(find copies | wc -l) -eq 2 ]]
  association register backup --format json | jq -e '.entries[0].state == "made"'
  association verify
}

@test "the drill: the database is gone, the copy takes its place, nothing is missing" {
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  association show R8-0001 --format json >before.json
  association -q db backup --to copies
  rm association.db association.db-*
  file=$(copies)
  run --separate-stderr association db restore "$file" --why 訓練
  echo "$stderr"
  [[ $status -eq 0 && $stderr == *association.db* ]]
  association verify
  association show R8-0001 --format json | diff before.json -
  association -q do R8-0001 member.confirmed
  association log --format json | jq -e 'any(.journal[]; .event == "database.restored" and .why == "訓練")'
}

@test "only so many generations stay, and nothing else in the folder is touched" {
  touch copies/letter.db copies/example-association-note.db
  for day in 01 02 03 04; do
    at "2026-04-${day}T09:00"
    association -q db backup --to copies --keep 2
  done
  [[ $(find copies -name 'example-association-2*.db' | wc -l) -eq 2 ]]
  [[ -e copies/letter.db && -e copies/example-association-note.db ]]
  association register backup --format json | jq -e '[.entries[].state] == ["removed", "removed", "made", "made"]'
}

@test "what cannot be is refused, and leaves nothing behind" {
  refused 2 association db backup
  refused 1 association db backup --to nowhere
  # An existing database is not overwritten.
  association -q db backup --to copies
  file=$(copies)
  refused 5 association db restore "$file"
  # A database in use is not a copy: what lies in its log would be lost.
  cp association.db used.db
  touch used.db-wal
  refused 4 renkei --db new.db db restore used.db
  # A damaged copy is not taken.
  size=$(stat -c %s "$file")
  cp "$file" bad.db
  dd if=/dev/urandom of=bad.db bs=4096 seek=3 count=$((size / 4096 - 4)) conv=notrunc status=none
  run --separate-stderr renkei --db new.db db restore bad.db
  [[ $status -ne 0 && $stderr == *"  -> "* ]]
  [[ -z $(find . -maxdepth 1 -name 'new.db*') ]]
  echo rubbish >text.db
  run --separate-stderr renkei --db new.db db restore text.db
  [[ $status -ne 0 && -z $(find . -maxdepth 1 -name 'new.db*') ]]
}

@test "a database of this version needs no migration" {
  association -q db migrate
  association verify
}
