#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# What somebody typed commands no terminal; files and pipes get it as it is.
load cli
setup() {
  cli_setup
  SHELL=$(command -v bash) # of script(1): it reads what %q has written
  export SHELL
  command -v script >/dev/null || skip "no script(1) here"
}

# terminal WORD…: the association at a terminal; all it shows is in $output.
terminal() {
  local words
  printf -v words ' %q' "$@"
  run script -qec "renkei --db '$BATS_TEST_TMPDIR/association.db' --clock $now$words" /dev/null </dev/null
  echo "$output" | cat -v
}

# Escape, a C1 control, and one that turns the order of letters round.
evil=$'a\eb\u009bc\u202ed'

harmless() { [[ $output != *$'\eb'* && $output != *$'\u009b'* && $output != *$'\u202e'* ]]; }

@test "in every format a remark is shown harmless" {
  make_association
  open_case association
  association -q note R8-0001 "$evil"
  for format in table csv json jsonl; do
    terminal log R8-0001 -v --format $format
    [[ $status -eq 0 ]]
    harmless
  done
  terminal log R8-0001 --format json
  [[ $output == *'\u009B'* && $output == *'\u202E'* ]]
}

@test "messages, too" {
  make_association
  terminal "--$evil"
  [[ $status -eq 2 ]]
  harmless
  terminal --db "/tmp/$evil.db" list
  [[ $status -eq 10 && $output == *'\u001B'* ]]
  harmless
}

@test "a file gets what was typed" {
  make_association
  open_case association
  association -q note R8-0001 "$evil"
  association log R8-0001 --format csv | grep -qF "$evil"
  association log R8-0001 --format json | jq -e --arg why "$evil" '.journal[-1].why == $why'
}
