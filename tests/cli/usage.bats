#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2016,SC2154
# How the program is called, and what a wrong call is told.
load cli
setup() { cli_setup; }

commands() { renkei --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'; }
subcommands() { renkei help "$1" | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | grep -v '^renkei$'; }

@test "help lists the commands and every one of them has help of its own" {
  [[ $(commands | wc -l) -ge 20 ]]
  for command in $(commands); do
    run --separate-stderr renkei help "$command"
    [[ $status -eq 0 && ${lines[0]} == "Usage: renkei $command"* && -z $stderr ]]
    by_option=$(renkei "$command" -h)
    [[ $command == help || $by_option == "$output" ]]
  done
}

@test "a command that does not exist is refused with the list of those that do" {
  refused 2 renkei frobnicate
  [[ $stderr == *outbox* ]]
  refused 2 renkei form frobnicate
  [[ $stderr == *receive* ]]
}

@test "a command that was mistyped is told the one that was meant" {
  refused 2 renkei lst
  [[ $stderr == *"did you mean 'list'?"* ]]
  refused 2 renkei outbx
  [[ $stderr == *"did you mean 'outbox'?"* ]]
  refused 2 renkei dispose aprove R8-0001
  [[ $stderr == *"did you mean 'approve'?"* ]]
}

@test "a command of which only the first word is given is told what can follow" {
  refused 2 renkei dispose
  [[ $stderr == *"what should 'renkei dispose' do?"*propose* ]]
}

@test "an option that does not exist is refused" {
  refused 2 renkei list --frobnicate
  [[ $stderr == *"renkei help list"* ]]
}

@test "words missing or too many are refused with the way to write it" {
  refused 2 renkei show
  [[ $stderr == *"renkei show CASE"* ]]
  refused 2 renkei show R8-0001 R8-0002
  refused 2 renkei form print R8-0001
}

@test "global options stand anywhere" {
  a=$(renkei --format json version)
  b=$(renkei version --format json)
  c=$(renkei version --format=json)
  [[ -n $a && $a == "$b" && $b == "$c" ]]
  [[ $(jq -r .version <<<"$a") == "$(renkei --version)" ]]
}

@test "wrong values of global options are refused" {
  refused 2 renkei --format xml list
  refused 2 renkei --lang de list
  refused 2 renkei --clock yesterday list
}

@test "without a database every command that needs one ends with 10 and says how to make it" {
  for words in "" list "show R8-0001" "do R8-0001" "log" "outbox list" tick custody verify \
    "operator list" "config list" "workflow list" "form values R8-0001 x" "register institution"; do
    # shellcheck disable=SC2086
    refused 10 renkei $words
    [[ $stderr == *"renkei init"* ]]
  done
}

@test "errors under json are JSON on standard error" {
  run --separate-stderr renkei --format json list
  [[ $status -eq 10 && -z $output ]]
  jq -e '.schema == "renkei.errors/1" and .status == "store" and .exit == 10
    and (.errors[0].code | test("^[A-Z]{2}[0-9]{3}$")) and (.errors[0].hint | length > 0)' <<<"$stderr"
  run --separate-stderr renkei --format json frobnicate
  jq -e '.errors[0].code == "usage"' <<<"$stderr"
}

@test "the clock can be set in exercises only" {
  refused 2 renkei --clock 2026-04-01 init --office a --municipality fujisawa --roles association
  renkei -q init --office a --municipality fujisawa --roles association
  refused 2 renkei --clock 2026-04-01 list
  renkei list
}

@test "init makes a private folder and file, and never twice" {
  renkei -q init --office a --municipality fujisawa --roles association
  [[ $(stat -c %a home/renkei home/renkei/renkei.db | paste -sd' ') == "700 600" ]]
  refused 5 renkei init --office a --municipality fujisawa --roles association
}

@test "init names what it lacks and what it does not know" {
  refused 2 renkei init --office a
  refused 3 renkei init --office a --municipality atlantis --roles association
  refused 3 renkei init --office a --municipality fujisawa --roles emperor
}

@test "full-width words are understood" {
  make_association
  open_case association
  association show Ｒ８－０００１
  association ｌｉｓｔ
  run renkei --clock Ｒ８．４．１ --db association.db list
  [[ $status -eq 0 ]]
}

@test "an answer that cannot be written is a failure" {
  run bash -c 'renkei --help >/dev/full'
  [[ $status -eq 1 ]]
}

@test "the operator is the user of the computer, not what the environment says" {
  make_association
  USER=somebody LOGNAME=somebody association operator list --format json |
    jq -e --arg me "$(id -un)" '.entries[0].key == $me'
}

@test "behind sudo it is the caller, when the database belongs to the account" {
  make_association
  SUDO_UID=1 refused 4 association list
  [[ $stderr == *"$(id -un 1)"* ]]
}

# A procedure whose input is a person's name.
personal_procedure() {
  cat >personal.scxml <<'END'
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="personal" initial="open" rk:title="個人の手続">
  <rk:procedure municipality="fujisawa"><rk:role id="association" title="医師会"/></rk:procedure>
  <datamodel><data id="person" rk:title="氏名" rk:input="required"/></datamodel>
  <state id="open" rk:title="受付"><transition event="closed" target="end" rk:by="association"/></state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
}

@test "personal values do not stand on the command line" {
  make_association
  personal_procedure
  association -q workflow install personal.scxml
  refused 2 association new personal --set person=架空太郎
  [[ $stderr == *"--set person=-"* && $stderr != *架空太郎* ]]
  [[ $(echo 架空太郎 | association -q new personal --set person=-) == R8-0001 ]]
  refused 6 association new personal
}

@test "bash completes commands, options and case numbers" {
  make_association
  open_case association
  export RENKEI_DB=$BATS_TEST_TMPDIR/association.db
  # shellcheck source=completions/renkei disable=SC1091
  . "$RENKEI_SRCDIR/completions/renkei"
  complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    _renkei
    echo "${COMPREPLY[*]}"
  }
  [[ $(complete_words renkei outb) == outbox ]]
  [[ $(complete_words renkei form "") == "list edit fill check print blank approve values sign return void receive" ]]
  [[ $(complete_words renkei do --ev) == --evidence ]]
  [[ $(complete_words renkei show R) == R8-0001 ]]
}
