#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Papers on their whole way: many of them out through the outbox, one out and back by FAX, one to a desk that does
# not know it, half of one before the whole, and a page that was filed when the power went.
load cli
setup() {
  cli_setup
  for tool in tiffcp tiffinfo pdftotext; do command -v "$tool" >/dev/null || skip "no $tool here"; done
}

# ---------------------------------------------------------------------- many go out

# A notice to each of many parties; each paper is kept for its party.
letters() {
  echo '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
    datamodel="xpath" name="letters" initial="draft" rk:title="通知">
    <rk:procedure municipality="fujisawa"><rk:role id="association" title="医師会"/>
    <rk:role id="member_institution" title="医療機関"/><rk:uses form="fj-2-4"/></rk:procedure>
    <datamodel><data id="p"/><data id="parties">'
  for i in $(seq -w "$1"); do echo "<party>例示$i</party>"; done
  # shellcheck disable=SC2016
  echo '</data></datamodel>
    <state id="draft" rk:title="作成"><transition event="letters.sent" target="end" rk:by="association" rk:title="送付">
      <foreach array="$parties/party" item="p"><rk:send-paper form="fj-2-4" from="association"
        to="member_institution" channel="fax" eachexpr="$p"/></foreach>
    </transition></state><final id="end" rk:title="終了" rk:result="completed"/></scxml>'
}

@test "a long queue goes out wholly, in its order, each paper with what was filled in for its party" {
  make_association
  letters 53 >letters.scxml
  association -q workflow install letters.scxml
  association -q new letters
  association -q form approve fj-2-4
  for i in $(seq -w 53); do
    sed "s/見本　花子/例示 第$i/" "$RENKEI_SRCDIR/tests/golden/form/fj-2-4-typical.txt" |
      association -q form fill R8-0001 "fj-2-4:例示$i" -
  done
  association -q do R8-0001 letters.sent
  # A list shows the beginning, and how to go on; the queue is read to its end.
  association outbox list --format json >first.json
  jq -e '.outbox | length == 50 and all(.state == "queued")' first.json
  association outbox list --format json --after "$(jq -r '.outbox[-1].id' first.json)" >rest.json
  jq -e '.outbox | length == 3' rest.json
  jq -r '.outbox[].id' first.json rest.json >queued
  [[ $(sort -u queued | wc -l) -eq 53 ]]
  association outbox run --folder drop -y --format json | jq -r '.handed_over[] | select(.result == "handed-over").id' >sent
  diff queued sent
  [[ $(find drop -name '*.pdf' | wc -l) -eq 53 && $(find drop -name '*.tiff' | wc -l) -eq 53 ]]
  for file in drop/*.pdf; do pdftotext -raw "$file" - | grep -o '例示 第[0-9]*'; done | sort >names
  diff <(seq -f '例示 第%02g' 53) names
  association outbox run --folder drop -y --format json | jq -e '.handed_over == []'
  association verify
}

# ----------------------------------------------------------------------- and come back

# The consent of a patient, to be signed at home: fj-1 is printed, as PDF and as it goes to the FAX.
consent() {
  make_clinic
  printf 'institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 昭和25年3月1日\n' >patient.txt
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0001 consent.explained
  clinic -q -y form print R8-0001 fj-1 -o fj-1.tiff
}
given() { clinic --format json register consent | jq -e '[.entries[].state] == ["given"]'; }
events() { clinic --format json log R8-0001 | jq "[.journal[] | select(.event == \"$1\")] | length"; }

@test "what another database printed is never taken for ours, and the clerk is told what it is" {
  consent
  make_association
  # A case of the very number that stands on the paper.
  open_case association
  run --separate-stderr association --format json receive fj-1.tiff --apply
  [[ $status -eq 7 ]]
  jq -e '.papers == [] and (.pages | all(.state == "tray" and .reason == "foreign" and .case == null))' <<<"$output"
  id=$(association --format json tray list | jq -r '.tray[0].id')
  association --format json tray show "$id" |
    jq -e '.page | .reason == "foreign" and .number == "R8-0001/FJ-1-0" and (.advice | startswith("another office"))'
  association tray show "$id" | grep 'not a case of ours'
  [[ $(association --format json log R8-0001 | jq '.journal | length') -eq 1 ]]
  association verify
}

@test "each reason for the tray comes with what to do" {
  consent
  tiffcp fj-1.tiff,0 half.tiff
  clinic -q form blank fj-1 -o blank.tiff
  tiffcp fj-1.tiff,0 fj-1.tiff,0 twice.tiff
  run --separate-stderr clinic receive half.tiff blank.tiff twice.tiff
  [[ $(clinic --format json tray list | jq -r '.tray[].id' | wc -l) -gt 3 ]]
  for id in $(clinic --format json tray list | jq -r '.tray[].id'); do
    clinic --format json tray show "$id" | jq -e '.page.advice | type == "string"'
  done
}

@test "half of a paper that waits is no longer waited with when the whole has come" {
  consent
  tiffcp fj-1.tiff,0 half.tiff
  run --separate-stderr clinic receive half.tiff
  [[ $status -eq 7 ]]
  clinic --format json tray list | jq -e '[.tray[].reason] == ["incomplete"]'
  clinic -q receive fj-1.tiff --apply
  given
  clinic --format json tray list | jq -e '[.tray[].reason] == ["duplicate"]'
  id=$(clinic --format json tray list | jq -r '.tray[0].id')
  clinic tray show "$id" | grep 'compare the two'
  clinic -q verify
  clinic -q -y tray reject "$id" --why 全頁が後に届いた
  clinic -q verify
}

@test "half of an earlier version is told as that when the whole of the next has come" {
  consent
  tiffcp fj-1.tiff,0 half.tiff
  run --separate-stderr clinic receive half.tiff
  {
    printf 'consent_date = 令和8年4月16日\npatient_name_kana = レイジ イチロウ\nbirth_date = 昭和25年3月1日\n'
    printf 'patient_postal_code = 251-0000\npatient_address = 神奈川県藤沢市例示町 9-9\n'
    printf 'explainer_institution = 例示クリニック\nexplainer_name = 架空 太郎\n'
  } | clinic -q form fill R8-0001 fj-1 -
  clinic -q -y form print R8-0001 fj-1 -o fj-1.tiff
  clinic -q receive fj-1.tiff --apply
  given
  clinic --format json tray list | jq -e '[.tray[].reason] == ["older-version"]'
  clinic -q verify
}

# ----------------------------------------------------------------------- the power goes

# die_at CALL: receive fj-1.tiff --apply, killed before that call that changes the disk; 0: only counted.
die_at() {
  head -c 64 /dev/zero >report
  FAULT_REPORT=$PWD/report FAULT_UNDER=$PWD/ FAULT_AT=$1 FAULT_DO=kill \
    ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0 LD_PRELOAD=$RENKEI_BUILDDIR/.libs/preload-disk.so \
    clinic -q receive fj-1.tiff --apply >/dev/null 2>&1
}

@test "killed at any moment of filing and entering, the same scan again ends as if nothing had been" {
  [[ -e $RENKEI_BUILDDIR/.libs/preload-disk.so ]] || skip "no library that kills here"
  consent
  mkdir kept
  cp clinic.db* kept
  die_at 0
  given
  calls=$(od -An -tu8 -N8 report)
  [[ $calls -gt 20 ]]
  between=0
  for at in $(seq 1 $(((calls + 39) / 40)) "$calls"); do
    rm clinic.db*
    cp kept/* .
    run die_at "$at"
    [[ $status -eq 137 ]]
    filed=$(clinic --format json log | jq '[.journal[] | select(.kind == "scan")] | length')
    [[ $filed -eq 1 && $(events consent.signed) -eq 0 ]] && between=$((between + 1))
    run --separate-stderr clinic receive fj-1.tiff --apply
    [[ $status -eq 0 ]]
    given >/dev/null
    [[ $(events consent.signed) -eq 1 && $(clinic --format json tray list | jq '.tray | length') -eq 0 ]]
    [[ $(clinic --format json log | jq '[.journal[] | select(.kind == "scan")] | length') -eq 1 ]]
    clinic -q verify
  done
  echo "killed $calls calls, $between of them between filing and entering"
  [[ $between -gt 0 ]]
}
