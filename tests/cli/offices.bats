#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Several offices in one file: each sees its own cases and nothing of the others.
load cli
setup() {
  cli_setup
  me=$(id -un)
  north=$(id -un 1)
  both=$(id -un 2)
  secret=例示北クリニック
}

# The file of the association holds a clinic as well, whose operator is another user.
make_offices() {
  make_association
  association office add kita --municipality fujisawa --roles member_institution --operator "$north"
}
# as UID WORD…: in the hands of that user.
as() {
  local uid=$1
  shift
  SUDO_UID=$uid association "$@"
}
# A case of the association with papers, a deadline, registers and something in the outbox.
make_work() {
  association -q config set association.fax 0466-11-1111
  association -q form approve fj-2-1
  association -q form approve fj-3
  association -q new fujisawa-member-registration --set institution="$secret"
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  association -q do R8-0001 member.confirmed
  id=$(sqlite3 association.db "SELECT id FROM case_record")
}

@test "each office counts its own cases, and each operator comes to his own office" {
  make_offices
  open_case association
  [[ $(as 1 -q new fujisawa-member-registration --set institution=みなみ薬局) == R8-0001 ]]
  as 1 show R8-0001 --format json | jq -e '.case.label == "みなみ薬局"'
  association show R8-0001 --format json | jq -e '.case.label == "例示クリニック"'
  [[ $(as 1 list --format json | jq '.cases | length') -eq 1 ]]
}

@test "no command of another office shows or changes anything of this one" {
  command -v sqlite3 >/dev/null || skip "no sqlite3 here"
  make_offices
  make_work
  before=$(association log --format json)
  for reference in R8-0001 "$id"; do
    for words in "show $reference" "do $reference" "do $reference password.issued" "log $reference" \
      "note $reference x" "undo $reference --why x -y" "form values $reference fj-2-1" \
      "form check $reference fj-3" "form sign $reference fj-3" "form print $reference fj-3 -o a.pdf" \
      "export $reference -o out" "form receive $reference fj-3" "form return $reference fj-3" "form void $reference fj-3"; do
      # shellcheck disable=SC2086
      run --separate-stderr as 1 $words
      echo "$words: $status $output $stderr"
      [[ $status -eq 3 && -z $output && $stderr != *"$secret"* && $stderr == *CS010* ]]
    done
    run as 1 custody "$reference"
    [[ $status -eq 3 ]]
    echo 'pledge_date = 2026-04-01' >fields
    run as 1 form fill "$reference" fj-3 fields
    [[ $status -eq 3 ]]
  done
  for words in "" list "list --all" "search $secret" "search 例示" log custody "custody --holder association" \
    "outbox list" "register institution" "register user_account" "register operator" "config list" \
    "operator list" "register setting" "register checkpoint" "calendar list" tick verify; do
    for format in table json; do
      # shellcheck disable=SC2086
      run --separate-stderr as 1 --format $format $words
      echo "$words: $status $output $stderr"
      [[ $status -eq 0 && $output != *"$secret"* && $output != *"$id"* && $output != *0466-11-1111* ]]
      [[ $words == verify || $output != *R8-0001* ]]
    done
  done
  run as 1 register institution "$secret" --history
  [[ $status -ne 0 || $output != *applied* ]]
  sent=$(sqlite3 association.db "SELECT id FROM transmission LIMIT 1")
  refused 3 as 1 outbox confirm "$sent"
  mkdir drop
  as 1 outbox run --folder drop
  [[ -z $(ls drop) ]]
  [[ $(association log --format json) == "$before" ]]
  as 1 verify --format json | jq -e '.checks[] | select(.check == "cases replayed") | .count == 0'
}

@test "a deadline passes by the tick of its own office only" {
  make_offices
  make_work
  at 2026-04-30T09:00
  as 1 tick --format json | jq -e '.fired == []'
  association tick --format json | jq -e '.fired[0].case == "R8-0001"'
}

@test "the file is one chain, and whoever leads its first office checks and copies all of it" {
  make_offices
  make_work
  as 1 -q new fujisawa-member-registration --set institution=みなみ薬局
  association verify --format json |
    jq -e '.checks[] | select(.check == "cases replayed") | .count == 2 and .result == "ok"'
  as 1 verify --format json |
    jq -e '.checks[] | select(.check == "cases replayed") | .count == 1 and .result == "ok"'
  mkdir copies
  association db backup --to copies
  refused 4 as 1 db backup --to copies
  [[ $stderr == *CS213* && $stderr == *"$me"* ]]
  refused 4 as 1 office add minami --municipality fujisawa --roles member_institution --operator "$both"
  association checkpoint -o mark.txt
  as 1 checkpoint -o other.txt
  as 1 note R8-0001 x
  association verify --against mark.txt
  as 1 verify --against other.txt
  refused 1 as 1 verify --against mark.txt
}

@test "an entry that is moved from one office to the other is found" {
  command -v sqlite3 >/dev/null || skip "no sqlite3 here"
  make_offices
  as 1 operator change "$north" --name '例示 北'
  association duty record accounts --why x || association checkpoint
  sqlite3 association.db "DROP TRIGGER journal_no_update;
    UPDATE journal SET office = 'kita' WHERE seq = (SELECT max(seq) FROM journal WHERE office <> 'kita')"
  refused 1 association verify
  [[ $stderr == *CS05* ]]
}

@test "who works for several offices says for which" {
  make_offices
  association operator add "$both" --roles association
  as 2 list
  as 1 operator add "$both" --roles member_institution --to 2026-04-30
  refused 2 as 2 list
  [[ $stderr == *CS211* && $stderr == *kita* && $stderr == *example-association* ]]
  as 2 --office kita -q new fujisawa-member-registration --set institution=みなみ薬局
  as 2 --office example-association list --format json | jq -e '.cases == []'
  as 2 --office kita office list --format json |
    jq -e '[.offices[].office] == ["example-association", "kita"] and .offices[1].roles == "member_institution"'
  refused 3 as 2 --office nowhere list
}

@test "who works for one office is refused at another, even its administrator" {
  make_offices
  refused 4 association --office kita list
  [[ $stderr == *CS016* && $stderr == *"($north)"* ]]
  refused 4 as 1 --office example-association list
  refused 4 association --office kita operator add "$both" --roles member_institution
  association office list --format json | jq -e '[.offices[].office] == ["example-association"]'
}

@test "an office is added once, with a name that can be typed, by its municipality's procedures" {
  make_offices
  refused 5 association office add kita --municipality fujisawa --roles member_institution --operator "$both"
  refused 6 association office add 'a/b' --municipality fujisawa --roles member_institution --operator "$both"
  refused 3 association office add minami --municipality atlantis --roles member_institution --operator "$both"
  refused 3 association office add minami --municipality fujisawa --roles emperor --operator "$both"
  refused 2 association office add minami --municipality fujisawa --roles member_institution
  association -n office add minami --municipality fujisawa --roles member_institution --operator "$both"
  refused 3 association --office minami list
  association verify
}
