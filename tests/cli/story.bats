#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2016,SC2154
# The registration of an institution from both desks, with everything that is refused.
load cli
setup() { cli_setup; }

state_of() { "$1" list --all --format json | jq -r '.cases[0].state'; }

@test "a case needs its inputs, and only those the procedure asks for" {
  make_clinic
  refused 6 clinic new fujisawa-member-registration
  [[ $stderr == *institution* ]]
  refused 6 clinic new fujisawa-member-registration --set institution=例示 --set colour=blue
  refused 2 clinic new fujisawa-member-registration --set institution
  refused 3 clinic new no-such-procedure
  refused 2 clinic new
  [[ $(clinic list --all --format json | jq '.cases | length') -eq 0 ]]
  [[ $(clinic new -q fujisawa-member-registration --set institution=例示クリニック) == R8-0001 ]]
}

@test "the institution's desk: write, sign, send" {
  make_clinic
  open_case clinic
  refused 4 clinic do R8-0001 request.faxed
  refused 6 clinic form check R8-0001 fj-2-1
  prepare_papers
  clinic form check R8-0001 fj-2-1
  clinic do R8-0001 request.faxed --dry-run
  [[ $(state_of clinic) == draft ]]
  clinic do R8-0001 1
  [[ $(state_of clinic) == membership-check ]]
  clinic outbox list --format json | jq -e '[.outbox[].state] | sort == ["by-hand", "queued"]'
  refused 4 clinic do R8-0001 request.faxed
}

@test "an event that cannot be entered is told the stage and what can, in the procedure's words" {
  make_clinic
  open_case clinic
  refused 4 clinic do R8-0001 reqest.faxed
  [[ $stderr == *"no event 'reqest.faxed'"*"did you mean 'request.faxed'?"*"renkei do R8-0001"* ]]
  refused 4 clinic do R8-0001 nothing.of.the.kind
  [[ $stderr != *"did you mean"* ]]
  refused 4 clinic do R8-0001 password.issued
  [[ $stderr == *"The request is being written (draft)"*"possible now: "*" (request.faxed)"* ]]
  refused 4 clinic --lang ja do R8-0001 password.issued
  [[ $stderr == *"依頼書の作成 (draft)"*"必要書類を医師会事務局へ FAX 送信 (request.faxed)"* ]]
}

@test "an unsigned pledge is refused in words and changes nothing" {
  make_clinic
  open_case clinic
  request_text | clinic -q form fill R8-0001 fj-2-1
  pledge_text | clinic -q form fill R8-0001 fj-3
  before=$(clinic log --format json)
  refused 4 clinic do R8-0001 request.faxed
  [[ $stderr == *書式3* && $stderr == *"renkei form sign R8-0001 fj-3"* ]]
  [[ $(clinic log --format json) == "$before" ]]
}

@test "wrong values are told with line and remedy, and none is kept" {
  make_clinic
  open_case clinic
  printf 'corp_name = 医療法人例示会\ncorp_postal_code = 12\nno_such_field = x\n' >bad.txt
  refused 6 clinic form fill R8-0001 fj-2-1 bad.txt
  [[ $stderr == *"bad.txt:2"* && $stderr == *"bad.txt:3"* ]]
  clinic form values R8-0001 fj-2-1 --format json | jq -e '[.values[].value | select(. != null and . != "")] | length == 0'
}

@test "the association's desk: refuse, return, confirm, register" {
  make_association
  open_case association
  refused 4 association do R8-0001 member.confirmed
  refused 4 association do R8-0001 no.such.event
  refused 4 association do R8-0001 request.faxed
  refused 4 association do R8-0001 request.faxed --received fj-2-1,fj-3 --incomplete fj-3
  association do R8-0001 request.faxed --received fj-2-1,fj-3 --evidence paper
  at 2026-04-01T10:00
  association do R8-0001 form.incomplete --why 書式3に日付がない
  refused 4 association do R8-0001 form.resubmitted --received fj-3
  at 2026-04-02T10:00
  association do R8-0001 form.resubmitted --received fj-2-1,fj-3
  refused 4 association do R8-0001 member.confirmed --on 2026-04-01
  [[ $stderr == *--on* ]]
  association do R8-0001 member.confirmed --evidence phone
  [[ $(state_of association) == *vendor-requested* ]]
  at 2026-04-11T09:00
  association tick --format json | jq -e '.fired[0].event == "issue.overdue"'
  association do R8-0001 password.issued
  association do R8-0001 association.notified
  refused 4 association do R8-0001 association.notified
  association do R8-0001 id.delivered
  [[ $(state_of association) == active ]]
  refused 4 association do R8-0001 id.delivered
  association register institution 例示クリニック --format json | jq -e '.entries[0].state == "registered"'
  association verify
}

@test "not a member ends the case" {
  make_association
  open_case association
  association do R8-0001 request.faxed --received fj-2-1,fj-3
  association do R8-0001 member.denied
  [[ $(state_of association) == rejected-not-member ]]
  [[ $(association list --format json | jq '.cases | length') -eq 0 ]]
}

@test "what does not exist is not found" {
  make_clinic
  open_case clinic
  refused 3 clinic show R8-0099
  refused 3 clinic form values R8-0001 fj-99
  refused 3 clinic form blank fj-99 -o x.pdf
  refused 3 clinic outbox confirm abcdef12
  refused 2 clinic do R8-0001 9
  refused 4 clinic do R8-0001 request.faxed --as association
}

@test "two runs of the same story give the same journal" {
  for run in 1 2; do
    rm -f clinic.db* association.db*
    make_clinic
    open_case clinic
    prepare_papers
    clinic do R8-0001 request.faxed >/dev/null
    clinic log --format json >"journal-$run"
  done
  # The hashes are salted; everything else agrees.
  diff <(jq 'del(.journal[].hash)' journal-1) <(jq 'del(.journal[].hash)' journal-2)
}

@test "papers are printed by the ending of the file, private, and never over another" {
  make_clinic
  open_case clinic
  prepare_papers
  for ending in html pdf tiff png fo; do
    clinic form print R8-0001 fj-2-1 -o "paper.$ending"
    [[ -s paper.$ending && $(stat -c %a "paper.$ending") == 600 ]]
  done
  [[ $(head -c 5 paper.pdf) == %PDF- ]]
  pdftotext paper.pdf - | grep -q 例示クリニック
  clinic -q form print R8-0001 fj-2-1 -o again.pdf
  cmp paper.pdf again.pdf
  refused 5 clinic form print R8-0001 fj-2-1 -o paper.pdf
  clinic form print R8-0001 fj-2-1 -o paper.pdf -y
  refused 2 clinic form print R8-0001 fj-2-1 -o paper.doc
  refused 2 clinic form print R8-0001 fj-2-1
  renkei form blank fj-3 -o blank.pdf
}

@test "the outbox hands over only when told so, and never twice" {
  make_clinic
  open_case clinic
  prepare_papers
  clinic -q do R8-0001 request.faxed
  mkdir fax
  refused 2 clinic outbox run --folder fax
  [[ -z $(ls fax) ]]
  clinic outbox run --folder fax -n
  [[ -z $(ls fax) ]]
  clinic outbox run --folder fax -y --format json | jq -e '[.[] | arrays | length] == [1]'
  [[ $(find fax -name '*.tiff' | wc -l) -eq 1 ]]
  clinic outbox run --folder fax -y
  [[ $(find fax -name '*.tiff' | wc -l) -eq 1 ]]
  id=$(clinic outbox list --format json | jq -r '.outbox[] | select(.state == "handed-over").id')
  clinic outbox confirm "${id:0:8}"
  refused 4 clinic outbox confirm "${id:0:8}"
}

@test "a paper is edited with the clerk's editor, which leaves nothing behind" {
  make_clinic
  open_case clinic
  mkdir tmp
  printf '#!/bin/sh\nstat -c %%a "$1" >mode\nprintf "pledge_date = 2026-04-01\\ninst_name = 例示クリニック\\n" >"$1"\n' >editor
  chmod +x editor
  TMPDIR=$PWD/tmp EDITOR=$PWD/editor run clinic form edit R8-0001 fj-3
  [[ $status -eq 0 && $output == *complete* && $(cat mode) == 600 && -z $(ls -A tmp) ]]
  printf '#!/bin/sh\necho "pledge_date = never" >"$1"\n' >editor
  TMPDIR=$PWD/tmp EDITOR=$PWD/editor refused 6 clinic form edit R8-0001 fj-3
  [[ -z $(ls -A tmp) ]]
  EDITOR=false refused 1 clinic form edit R8-0001 fj-3
}

@test "every list is valid JSON, JSON lines and CSV" {
  make_association
  open_case association
  association -q note R8-0001 'one, "two"'
  for words in list "show R8-0001" log "do R8-0001" custody "register institution" "operator list" \
    "config list" "workflow list" "outbox list" verify "form list" ""; do
    # shellcheck disable=SC2086
    association $words --format json | jq -e '.schema | test("^renkei[.][a-z]+/1$")'
    # shellcheck disable=SC2086
    association $words --format jsonl | jq -e -s 'all(.[]; type == "object")'
  done
  association log --format csv | grep -q '"one, ""two"""'
  refused 2 association show R8-0001 --format csv
}

@test "the example plays to its end and leaves papers only the user can read" {
  run "$RENKEI_SRCDIR/examples/fujisawa-registration/run.sh" "$BATS_TEST_TMPDIR/example"
  [[ $status -eq 0 && $(grep -c '^(refused' <<<"$output") -ge 10 ]]
  for paper in example/papers/*.pdf; do
    pdftotext "$paper" - | grep -q .
  done
  [[ -z $(find example -type f -perm /077) ]]
  [[ $(grep -c '<tr><td>' example/index.html) -eq 2 && -e example/papers/blank-pledge.png && $(find example/fax -type f | wc -l) -gt 0 ]]
}
