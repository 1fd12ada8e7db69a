#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Who may do what: operators with their days, administrators, several offices in one file.
# Behind sudo the caller is the operator: that lets one account play several people.
load cli
setup() {
  cli_setup
  me=$(id -un)
  other=$(id -un 1)
  third=$(id -un 2)
}

# as UID WORD…: the association's desk in the hands of that user.
as() {
  local uid=$1
  shift
  SUDO_UID=$uid association "$@"
}

@test "who founds a desk administers it, and adds others who do not" {
  make_association
  association operator list --format json |
    jq -e --arg me "$me" '.entries == [.entries[0]] and .entries[0].key == $me and
      .entries[0].roles == "association,administrator" and .entries[0].state == "active"'
  refused 4 as 1 list
  [[ $stderr == *"$other"* && $stderr == *"($me)"* && $stderr == *"operator add $other"* ]]
  association operator add "$other" --roles association --name '例示 花子'
  as 1 list
  open_case association
  as 1 do R8-0001 request.faxed --received fj-2-1,fj-3
  association log R8-0001 --format json | jq -e --arg who "$other" '.journal[-1].operator == $who'
}

@test "only an administrator does what concerns the office" {
  make_association
  association operator add "$other" --roles association
  for words in "operator add $third --roles association" "operator change $other --to R9.3.31" \
    "operator stop $me" "config set association.fax 0466-00-0000" "calendar close R8.12.29 年末" \
    "form approve fj-3" "workflow install" "checkpoint" "db backup --to ." \
    "office add kita --municipality fujisawa --roles member_institution --operator $third"; do
    # shellcheck disable=SC2086
    refused 4 as 1 $words
    [[ $stderr == *CS204* && $stderr == *"$me"* ]]
  done
  for words in list "operator list" "config list" "calendar list" verify "custody" "outbox list" \
    tick "workflow list" "duty list" "register institution" "office list"; do
    # shellcheck disable=SC2086
    as 1 $words
  done
}

@test "an administrator without another role sees no case" {
  make_association
  open_case association
  association operator add "$other" --roles administrator
  for words in "" list "show R8-0001" "do R8-0001" "log R8-0001" log "search 例示" custody \
    "register institution" "outbox list" "form values R8-0001 fj-3" \
    "register institution 例示 --set registered --why x"; do
    # shellcheck disable=SC2086
    refused 4 as 1 $words
    [[ $stderr == *CS203* ]]
  done
  as 1 operator list
  as 1 calendar list
  as 1 config set association.fax 0466-00-0000
  as 1 verify
}

@test "an operator works from the first day to the last, and is told the day otherwise" {
  make_association
  association operator add "$other" --roles association --from R8.4.2 --to 2026-04-03
  refused 4 as 1 list
  [[ $stderr == *CS202*2026-04-02* && $stderr == *"($me)"* ]]
  at 2026-04-01T23:59
  refused 4 as 1 list
  at 2026-04-02T00:00
  as 1 list
  at 2026-04-03T23:59
  as 1 list
  at 2026-04-04T00:00
  refused 4 as 1 list
  [[ $stderr == *CS201*2026-04-03* && $stderr == *"operator change $other --to"* ]]
  association operator list --format json | jq -e '.entries[] | select(.state == "expired") |
    .from == "2026-04-02" and .until == "2026-04-03"'
  association operator change "$other" --to ''
  as 1 list
}

@test "a refusal is noted in the access log" {
  make_association
  association operator add "$other" --roles association --to 2026-03-31
  before=$(association verify --format json | jq '.checks[1].count')
  refused 4 as 1 list
  refused 4 as 1 show R8-0001
  refused 4 as 1 config set a.b c
  refused 4 as 1 operator stop "$me"
  after=$(association verify --format json | jq '.checks[1].count')
  [[ $((after - before)) -eq 4 ]]
}

@test "stop ends at once, or after a last day; who was ended can come back anew" {
  make_association
  association operator add "$other" --roles association
  association operator stop "$other" --on 2026-04-02
  as 1 list
  at 2026-04-03T09:00
  refused 4 as 1 list
  association operator change "$other" --to 2026-12-31
  as 1 list
  association operator stop "$other"
  refused 4 as 1 list
  [[ $stderr == *CS200* ]]
  refused 3 association operator change "$other" --to R9.3.31
  refused 3 association operator stop "$other"
  association operator add "$other" --roles association
  as 1 list
  association operator list --format json |
    jq -e --arg who "$other" '.entries[] | select(.key == $who) | .until == null and .state == "active"'
}

@test "the last administrator cannot be ended" {
  make_association
  refused 4 association operator stop "$me"
  [[ $stderr == *CS205* ]]
  refused 4 association operator stop "$me" --on 2027-03-31
  refused 4 association operator change "$me" --roles association
  refused 4 association operator change "$me" --from 2027-01-01
  association operator add "$other" --roles administrator --to 2027-03-31
  refused 4 association operator stop "$me"
  association operator change "$other" --to ''
  association operator stop "$me"
  refused 4 association list
  as 1 operator list
  association verify || [[ $? -eq 4 ]]
  as 1 verify
}

@test "wrong words about an operator are refused and change nothing" {
  make_association
  refused 6 association operator add "$other"
  [[ $stderr == *--roles* ]]
  refused 3 association operator add "$other" --roles emperor
  refused 6 association operator add "$other" --roles association --from 2026-02-30
  refused 6 association operator add "$other" --roles association --from 2027-01-01 --to 2026-12-31
  refused 5 association operator add "$me" --roles association
  refused 3 association operator change "$other" --roles association
  association -n operator add "$other" --roles association
  association operator list --format json | jq -e '.entries | length == 1'
}

# ---------------------------------------------------------------- old databases

@test "in a database that names no administrator the founding operator is one" {
  make_association
  # As it was made before there were administrators: the entry written by hand, without the word.
  command -v sqlite3 >/dev/null || skip "no sqlite3 here"
  association operator add "$other" --roles association
  sqlite3 association.db "UPDATE register_entry SET fields = replace(fields, ',administrator', '')"
  refused 4 as 1 operator add "$third" --roles association
  association operator add "$third" --roles association
  association operator list --format json | jq -e --arg me "$me" \
    '.entries[] | select(.key == $me) | .roles == "association,administrator"'
}
