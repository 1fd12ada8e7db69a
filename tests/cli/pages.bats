#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Long lists come in parts that follow each other; nothing is left out and nothing comes twice.
load cli
setup() {
  cli_setup
}

# parts KEY MEMBER WORD…: the column of a list read two rows at a time, and whether it said that it
# goes on.
parts() {
  local key=$1 member=$2 after=() said=
  shift 2
  while :; do
    run --separate-stderr clinic "$@" --limit 2 "${after[@]}" --format json
    [[ $status -eq 0 ]] || return 1
    jq -r ".${member}[].${key}" <<<"$output"
    run --separate-stderr clinic "$@" --limit 2 "${after[@]}"
    [[ $stderr == *"--after "* ]] || break
    said=yes
    after=(--after "$(grep -oE -- '--after [^,]+' <<<"$stderr" | cut -d' ' -f2-)")
  done
  [[ $said == yes ]]
}

@test "lists in parts are the whole" {
  make_clinic
  for name in 例示一 例示二 例示三; do
    clinic -q new fujisawa-member-registration --set "institution=$name"
  done
  [[ $(parts number cases list) == $(clinic list --format json | jq -r '.cases[].number') ]]
  [[ $(parts number cases search 例示) == $(clinic search 例示 --format json | jq -r '.cases[].number') ]]
  [[ $(parts seq journal log) == $(clinic log --format json | jq -r '.journal[].seq') ]]
  run -0 parts key entries register procedure
  [[ $output == $(clinic register procedure --format json | jq -r '.entries[].key') ]]
}

@test "a register that does not exist is refused, and is not one without entries" {
  make_clinic
  refused 3 clinic register institusion
  [[ $stderr == *"no register 'institusion'"*"institution, user_account"* && -z $output ]]
  run -0 clinic register institution
  [[ $output == *"no entry"* ]]
  run -0 clinic register backup
  # The program's own columns have titles.
  run -2 clinic --lang ja new
  [[ $output == *名称*自治体* && $output != *title* ]]
}

@test "the outbox and the custody list come in parts too" {
  make_clinic
  clinic -q form approve fj-2-1
  clinic -q form approve fj-3
  for number in R8-0001 R8-0002; do
    open_case clinic
    request_text | clinic -q form fill "$number" fj-2-1 -
    pledge_text | clinic -q form fill "$number" fj-3 -
    clinic -q form sign "$number" fj-3
    clinic -q do "$number" request.faxed
  done
  [[ $(clinic outbox list --format json | jq '.outbox | length') -gt 2 ]]
  [[ $(parts id outbox outbox list) == $(clinic outbox list --format json | jq -r '.outbox[].id') ]]
  run -0 parts case custody custody --holder member_institution
  [[ $output == $(clinic custody --holder member_institution --format json | jq -r '.custody[].case') ]]
  # A part ends with the end of a case.
  [[ $(clinic custody --limit 1 --format json | jq -r '[.custody[].case] | unique | join(" ")') == R8-0001 ]]
}

@test "the day's list says that it is not all" {
  make_clinic
  for ((i = 0; i < 51; i++)); do open_case clinic; done
  run --separate-stderr clinic
  [[ $status -eq 0 && $stderr == *"renkei list"* ]]
}

@test "a table for people leaves out empty columns and the rest of long ids" {
  make_clinic
  clinic -q form approve fj-3
  open_case clinic
  pledge_text | clinic -q form fill R8-0001 fj-3 -
  clinic -q form sign R8-0001 fj-3
  request_text | clinic -q form fill R8-0001 fj-2-1 -
  clinic -q form approve fj-2-1
  clinic -q do R8-0001 request.faxed
  id=$(clinic outbox list --format json | jq -r '.outbox[0].id')
  run -0 clinic outbox list
  [[ $output == *"${id:0:8}  "* && $output != *"$id"* && $output != *"Held back"* ]]
  clinic outbox show "${id:0:8}"
  run -0 clinic -v outbox list
  [[ $output == *"$id"* && $output == *"Held back"* ]]
  # Nothing is left out of what programs read.
  clinic outbox list --format csv | head -1 | grep -q held
}

@test "the log tells people what happened in the office" {
  make_clinic
  run -0 clinic --lang ja log
  [[ $output == *事務所の設置*手続の組込み* && $output != *desk.founded* ]]
  clinic log --format csv | grep -q desk.founded
}
