#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The journal signed: what somebody changed, cut off or made anew is seen from outside.
load cli
setup() {
  cli_setup
  make_association
  open_case association
  association -q checkpoint -o kept.txt
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
}

@test "a checkpoint is a text of nine lines, signed with a key that only its owner reads" {
  [[ $(wc -l <kept.txt) -eq 9 && $(head -1 kept.txt) == "renkei checkpoint 1" ]]
  grep -qE '^entries: [0-9]+$' kept.txt
  grep -qE '^head: [0-9a-f]{64}$' kept.txt
  grep -qE '^accesses: [0-9]+$' kept.txt
  grep -qE '^access-head: [0-9a-f]{64}$' kept.txt
  [[ $(stat -c %a association.db.sign-key) == 600 ]]
  run ! grep -qF "$(cat association.db.sign-key)" kept.txt
  association register signing_key --format json | jq -e '.entries | length == 1'
}

@test "the journal goes on and is still the one it has seen" {
  run --separate-stderr association verify --against kept.txt
  [[ $status -eq 0 && $stderr == *kept.txt* ]]
  association verify --chain --format json | jq -e 'any(.checks[]; .check == "checkpoints" and .count == 1)'
  # By the line that papers bear: number and the first digits.
  head=$(sed -n 's/^head: //p' kept.txt)
  entries=$(sed -n 's/^entries: //p' kept.txt)
  echo "$entries ${head:0:16}" | association -q verify --chain --against -
}

@test "another journal, a changed text and a foreign signature are told apart" {
  sed 's/^head: ./head: f/; t; s/^head: f/head: 0/' kept.txt >other.txt
  cmp -s kept.txt other.txt && sed -i 's/^head: ./head: 0/' other.txt
  refused 1 association verify --chain --against other.txt
  [[ $stderr == *CS106* ]]
  sed 's/^time: 2026/time: 2025/' kept.txt >changed.txt
  refused 1 association verify --chain --against changed.txt
  [[ $stderr == *CS108* ]]
  sed 's/^key: ../key: 00/' kept.txt >foreign.txt
  refused 1 association verify --chain --against foreign.txt
  [[ $stderr == *CS107* ]]
  sed 's/^office: .*/office: elsewhere/' kept.txt >office.txt
  refused 1 association verify --chain --against office.txt
  [[ $stderr == *CS104* ]]
  echo "999 0123456789abcdef" >short.txt
  refused 1 association verify --chain --against short.txt
  [[ $stderr == *CS105* ]]
  echo nonsense >none.txt
  refused 6 association verify --chain --against none.txt
  echo "1 0123" >few.txt
  refused 6 association verify --chain --against few.txt
}

@test "a database made anew does not pass for the old one" {
  mv association.db old.db
  rm -f association.db-wal association.db-shm association.db-queue
  make_association
  open_case association
  association -q checkpoint
  refused 1 association verify --chain --against kept.txt
}

@test "an access log that was cut off or emptied is seen, by what was noted and from outside" {
  for ((i = 0; i < 3; i++)); do association -q show R8-0001 >shown; done
  association -q checkpoint -o later.txt
  accesses=$(sed -n 's/^accesses: //p' later.txt)
  [[ $accesses -gt 1 ]]
  sqlite3 association.db "DROP TRIGGER access_no_delete; DELETE FROM access_log WHERE seq = $accesses"
  refused 1 association verify --chain
  [[ $stderr == *CS234* ]]
  refused 1 association verify --against later.txt
  sqlite3 association.db "DELETE FROM access_log"
  refused 1 association verify --against later.txt
  [[ $stderr == *CS234* ]]
  # With entries of its own in their places, it has another head.
  for ((i = 0; i < accesses; i++)); do association -q list >shown; done
  refused 1 association verify --against later.txt
  [[ $stderr == *CS235* ]]
}

@test "a key that others may read is not used" {
  chmod 640 association.db.sign-key
  refused 4 association checkpoint
  [[ $stderr == *CS101* && $stderr == *"chmod 600"* ]]
  chmod 600 association.db.sign-key
  echo rubbish >association.db.sign-key
  refused 1 association checkpoint
  # Moved away, a new one is made and noted; what the old one signed still holds.
  mv association.db.sign-key lost
  association -q checkpoint
  association -q verify --against kept.txt
  association register signing_key --format json | jq -e '.entries | length == 2'
}

@test "from the first one on, each day's first tick signs" {
  association -q tick
  association register checkpoint --format json | jq -e '.entries | length == 1'
  at 2026-04-02T09:00
  association -q tick
  association -q tick
  association register checkpoint --format json | jq -e '.entries | length == 2'
  association verify
}
