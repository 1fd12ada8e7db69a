#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Mistakes at the desk: taken back with a reason, seen in the journal; late papers, late events.
load cli
setup() {
  cli_setup
}

@test "undo says what it takes back, asks, and the journal keeps both" {
  make_association
  open_case association
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  refused 2 association undo R8-0001 -y
  refused 2 association undo R8-0001 --why 別の医療機関のFAXだった
  association -n undo R8-0001 | grep -q "Papers faxed to the association.*request.faxed"
  [[ $(association log R8-0001 --format json | jq '.journal | length') -eq 2 ]]
  run --separate-stderr association -y undo R8-0001 --why 別の医療機関のFAXだった
  [[ $status -eq 0 && $output == *request.faxed* && $stderr == *"renkei do R8-0001"* ]]
  association log R8-0001 --format json | jq -e '.journal | (.[-1].kind == "undo") and (.[-1].why | length > 0) and (.[-1].title == "takes back \(.[-2].seq)")'
  run association custody R8-0001 --format json
  [[ $(jq '.custody | length' <<<"$output") -eq 0 ]]
  association verify
  refused 4 association -y undo R8-0001 --why もう一度
}

@test "a paper that the delivery program has is not called back" {
  make_clinic
  open_case clinic
  prepare_papers
  clinic -q do R8-0001 request.faxed
  mkdir fax
  clinic -q outbox run --folder fax -y
  refused 4 clinic -y undo R8-0001 --why まちがい
  [[ $stderr == *CS091* ]]
  clinic verify
}

@test "an event that happened before a deadline is entered late, when the clerk says so" {
  make_association
  open_case association
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  association -q do R8-0001 member.confirmed
  at 2026-04-20T09:00
  association -q tick
  association show R8-0001 --format json | jq -e '.case.overdue and .case.due == null'
  refused 4 association do R8-0001 password.issued --on 2026-04-03
  [[ $stderr == *CS095*issue.overdue* && $stderr == *--late* ]]
  association -q do R8-0001 password.issued --on 2026-04-03 --late
  # One of them is waited for again, and passed long ago.
  association show R8-0001 --format json | jq -e '.case.overdue and .case.due != null'
  association verify
}

@test "a deadline that has passed is seen before anything is entered for it" {
  make_association
  open_case association
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  association -q do R8-0001 member.confirmed
  past_due() { association --format json list | jq -c '[.cases[].overdue]'; }
  [[ $(past_due) == "[false]" ]]
  association -n --format json tick | jq -e '.fired == []'
  at 2026-04-20T09:00
  [[ $(past_due) == "[true]" ]]
  association --format json show R8-0001 | jq -e '.case.overdue'
  association --format json | jq -e '.overdue[0].overdue'
  association -n --format json tick | jq -e '.fired | length == 1 and .[0].case == "R8-0001" and .[0].event == "issue.overdue"'
  [[ $(association log R8-0001 --format json | jq '.journal | length') -eq 3 ]]
  association -q tick
  [[ $(association log R8-0001 --format json | jq '.journal | length') -eq 4 ]]
  association -n --format json tick | jq -e '.fired == []'
}

@test "a closed case takes a late paper, and a correction with a reason" {
  make_association
  open_case association
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  association -q do R8-0001 member.denied
  refused 4 association do R8-0001 member.confirmed
  [[ $stderr == *"renkei undo"* ]]
  association -q form receive R8-0001 fj-3
  refused 4 association form void R8-0001 fj-3
  association -q form void R8-0001 fj-3 --why 別人の書類
  association verify
}

# What stands at the foot of a page: number of the paper with its version, and the journal's head.
foot() {
  pdftotext -layout "$1" - | grep -oE 'R8-0001/FJ-2-1-[0-9]+-[0-9A-Z]{2}' | sort -u
  pdftotext -layout "$1" - | grep -oE '[0-9]+ [0-9a-f]{16}' | sort -u
}

@test "each version of a paper bears the head of its own moment, and an undo makes another version" {
  make_clinic
  open_case clinic
  local n
  for n in 1 2; do
    echo "corp_phone = 0466-00-000$n" | clinic -q form fill R8-0001 fj-2-1 -
    clinic -q form print R8-0001 fj-2-1 -o "$n.pdf"
  done
  clinic -q -y undo R8-0001 --why 番号の誤り
  clinic -q form print R8-0001 fj-2-1 -o 3.pdf
  clinic -q form print R8-0001 fj-2-1 -o again.pdf
  cmp 3.pdf again.pdf
  for n in 1 2 3; do
    foot $n.pdf
  done >feet
  [[ $(wc -l <feet) -eq 6 && $(sort -u feet | wc -l) -eq 6 ]]
  grep -qxE 'R8-0001/FJ-2-1-3-[0-9A-Z]{2}' feet
  for n in 1 2 3; do
    foot $n.pdf | tail -n 1 | clinic -q verify --chain --against -
  done
}
