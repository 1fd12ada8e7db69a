#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# One person is not taken for another: whom a case is about is shown before something is confirmed,
# and a second case of the same person is warned of.
load cli
setup() {
  cli_setup
  person=架空花子
}

disclosure() {
  printf 'institution = 例示クリニック\npatient = %s\nbirth_date = %s\n' "$1" "$2" |
    clinic -q new fujisawa-disclosure --values -
}
# terminal ANSWERS WORD…: the clinic at a terminal that answers so; all it shows is in $output.
terminal() {
  local answers=$1
  shift
  run script -qec "renkei --db '$BATS_TEST_TMPDIR/clinic.db' --clock $now $*" /dev/null <<<"$answers"
}
entries() { clinic log "$1" --format json | jq '.journal | length'; }
first_event() { clinic do "$1" --format json | jq -r '[.next[] | select(.possible)][0].event'; }

@test "at a terminal the person is shown before an event, and no changes nothing" {
  command -v script >/dev/null || skip "no script(1) here"
  make_clinic
  disclosure "$person" 1950-04-01
  event=$(first_event R8-0001)
  before=$(entries R8-0001)
  terminal n do R8-0001 "$event"
  [[ $status -eq 8 && $output == *"$person"* && $output == *1950-04-01* && $output == *"[y/N]"* ]]
  [[ $(entries R8-0001) -eq $before ]]
  terminal y do R8-0001 "$event"
  [[ $status -eq 0 && $output == *"$person"* ]]
  [[ $(entries R8-0001) -gt $before ]]
}

@test "at a terminal the person is shown before something is taken back" {
  command -v script >/dev/null || skip "no script(1) here"
  make_clinic
  disclosure "$person" 1950-04-01
  clinic -q -y do R8-0001 "$(first_event R8-0001)"
  terminal n undo R8-0001 --why x
  [[ $status -eq 8 && $output == *"$person"* && $output == *1950-04-01* && $output == *"[y/N]"* ]]
}

@test "without a terminal, with -y or --no-input it is said that nobody was asked, and nothing is shown" {
  make_clinic
  disclosure "$person" 1950-04-01
  event=$(first_event R8-0001)
  for option in "" -y --no-input; do
    # shellcheck disable=SC2086
    run --separate-stderr clinic $option do R8-0001 "$event"
    [[ $status -eq 0 && $output != *"$person"* && $stderr != *"$person"* && $stderr == *"not asked"* ]]
    clinic -q undo R8-0001 --why x -y
  done
  command -v script >/dev/null || skip "no script(1) here"
  terminal "" -y do R8-0001 "$event"
  [[ $status -eq 0 && $output != *"$person"* ]]
}

@test "a case that is about nobody asks nothing" {
  make_clinic
  open_case clinic
  prepare_papers
  run --separate-stderr clinic do R8-0001 request.faxed
  [[ $status -eq 0 && $stderr != *"not asked"* ]]
}

@test "a second case of the same name and birth date is warned of by its number, and that is noted" {
  make_clinic
  disclosure "$person" 1950-04-01
  run --separate-stderr disclosure "$person" 1950-04-02
  [[ $status -eq 0 && -z $stderr ]]
  # The name as another hand types it, the day in its era.
  run --separate-stderr disclosure "架空　花子" 昭和25年4月1日
  [[ $status -eq 0 && $output == R8-0003 ]]
  [[ -z $stderr ]]
  printf 'institution = 例示クリニック\npatient = 架空　花子\nbirth_date = 昭和25年4月1日\n' >values
  run --separate-stderr clinic new fujisawa-disclosure --values values
  [[ $status -eq 0 && $stderr == *CS230*R8-0001*R8-0003* && $stderr != *R8-0002* && $stderr != *花子* ]]
  sqlite3 clinic.db "SELECT body FROM journal_body JOIN journal USING (seq) WHERE kind = 'opened' ORDER BY seq DESC LIMIT 1" |
    jq -e '.args.duplicates == ["R8-0001", "R8-0003"]'
  clinic verify
}

@test "a request that is repeated does not warn of its own case" {
  make_clinic
  printf 'institution = 例示クリニック\npatient = %s\nbirth_date = 1950-04-01\n' "$person" >values
  clinic --request-id a new fujisawa-disclosure --values values
  run --separate-stderr clinic --request-id a new fujisawa-disclosure --values values
  [[ $status -eq 0 && $output == R8-0001 && $stderr != *CS230* ]]
}

@test "at a terminal the clerk is asked whether to go on" {
  command -v script >/dev/null || skip "no script(1) here"
  make_clinic
  disclosure "$person" 1950-04-01
  printf 'institution = 例示クリニック\npatient = %s\nbirth_date = 1950-04-01\n' "$person" >values
  terminal n new fujisawa-disclosure --values values
  [[ $status -eq 8 && $output == *R8-0001* ]]
  [[ $(clinic list --format json | jq '.cases | length') -eq 1 ]]
  terminal y new fujisawa-disclosure --values values
  [[ $status -eq 0 && $output == *R8-0002* ]]
}

consent_text() {
  cat <<END
consent_date = 2026-04-01
patient_name_kana = $1
birth_date = $2
patient_postal_code = 251-0000
patient_address = 神奈川県藤沢市例示町1-1
explainer_institution = 例示クリニック
explainer_name = 架空 太郎
END
}

@test "filling a paper in warns as well, and not of its own case" {
  make_clinic
  for number in 1 2 3; do
    printf 'institution = 例示クリニック\npatient = 架空%s\nbirth_date = 1950-04-01\n' "$number" |
      clinic -q new fujisawa-patient-consent --values -
  done
  consent_text カクウハナコ 1950-04-01 | clinic -q form fill R8-0001 fj-1 -
  consent_text カクウハナコ 1950-04-03 | clinic -q form fill R8-0002 fj-1 -
  consent_text 'ｶｸｳ ﾊﾅｺ' 昭和25年4月1日 >values
  run --separate-stderr clinic form fill R8-0003 fj-1 values
  [[ $status -eq 0 && $stderr == *CS230*R8-0001* && $stderr != *R8-0002* && $stderr != *カクウ* ]]
  # Once more in the same case: it does not warn of itself.
  run --separate-stderr clinic form fill R8-0003 fj-1 values
  [[ $status -eq 0 && $stderr != *R8-0003* ]]
  clinic verify
}

@test "the same insurance number is the same person, whatever the name" {
  cat >insured.scxml <<'END'
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="insured" initial="open" rk:title="被保険者の手続">
  <rk:procedure municipality="fujisawa"><rk:role id="member_institution" title="医療機関"/></rk:procedure>
  <datamodel>
    <data id="person" rk:title="氏名" rk:input="required" rk:type="name" rk:identifies="name"/>
    <data id="number" rk:title="被保険者番号" rk:input="required" rk:identifies="insurance"/>
  </datamodel>
  <state id="open" rk:title="受付"><transition event="closed" target="end" rk:by="member_institution"/></state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
  make_clinic
  clinic -q workflow install insured.scxml
  printf 'person = 架空太郎\nnumber = 0012345678\n' | clinic -q new insured --values -
  clinic -q --yes do R8-0001 closed
  printf 'person = 架空太郎\nnumber = 0012345679\n' >values
  run --separate-stderr clinic new insured --values values
  [[ $status -eq 0 && $stderr != *CS230* ]]
  printf 'person = 仮名太郎\nnumber = ００１２３４５６７８\n' >values
  run --separate-stderr clinic new insured --values values
  [[ $status -eq 0 && $stderr == *CS230*R8-0001* && $stderr != *R8-0002* && $stderr != *345678* ]]
}

@test "cases of other procedures about the same person are told of, once, and nobody has to answer" {
  make_clinic
  disclosure "$person" 1950-04-01
  printf 'institution = 例示クリニック\npatient = 架空　花子\nbirth_date = 昭和25年4月1日\n' >values
  run --separate-stderr clinic new fujisawa-patient-consent --values values
  [[ $status -eq 0 && $stderr == *CS232*R8-0001* && $stderr != *CS230* && $stderr != *花子* ]]
  sed -i 's/4月1日/4月2日/' values
  run --separate-stderr clinic new fujisawa-patient-consent --values values
  [[ $status -eq 0 && $stderr != *CS23* ]]
  clinic verify
}

@test "one insurance number and two birth dates are told of in any procedure" {
  city() { renkei --db "$BATS_TEST_TMPDIR/office.db" --clock "$now" "$@"; }
  city -q init --office example-office --municipality mito --roles user_office --exercise
  for number in 1 2; do
    printf 'institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 1950-03-0%s\n' "$number" >values
    city -q new "mito-$([[ $number = 1 ]] && echo consent || echo room-creation)" --values values
  done
  printf 'patient_name_kana = レイジ イチロウ\nbirth_date = 昭和25年3月1日\ncare_insurance_number = 0000000001\n' | city -q form fill R8-0001 mt-5 -
  printf 'patient_name = 例示 一郎\nbirth_date = 昭和25年3月2日\ncare_insurance_number = ００００００００01\n' >values
  run --separate-stderr city form fill R8-0002 mt-6 values
  [[ $status -eq 0 && $stderr == *CS231*R8-0001* && $stderr != *CS230* && $stderr != *一郎* && $stderr != *000000* ]]
  # A reading says nothing against the name that it is the reading of.
  sed -i 's/3月2日/3月1日/' values
  run --separate-stderr city form fill R8-0002 mt-6 values
  [[ $status -eq 0 && $stderr != *CS231* ]]
  city verify
}

@test "whatever asks for a birth date is marked for whom it is about" {
  for file in "$RENKEI_DATADIR"/workflows/*/*.scxml "$RENKEI_DATADIR"/forms/*/*.xml; do
    [[ $(xmllint --xpath 'count(//*[@id="birth_date"][not(@*[local-name()="identifies"])])' "$file") -eq 0 ]]
  done
}

@test "who is found by the name of a patient is found in inputs, too" {
  make_clinic
  disclosure "$person" 1950-04-01
  [[ $(clinic search 架空花子 --format json | jq '.cases | length') -eq 1 ]]
  clinic list --format json | jq -e --arg name "$person" 'tostring | contains($name) | not'
}

@test "what is personal and missing is asked for in a way that is then taken" {
  make_clinic
  refused 6 clinic new fujisawa-disclosure --set institution=例示クリニック
  [[ $stderr == *CS041*patient*"--set patient=-"*"--values FILE"* && $stderr != *patient=VALUE* ]]
  refused 6 clinic new fujisawa-disclosure
  [[ $stderr == *CS020*"--set institution=VALUE"* ]]
}

@test "wrong marks are found by the check" {
  sed 's/id="patient_phone"/id="patient_phone" identifies="birth"/' "$RENKEI_SRCDIR/forms/fujisawa/fj-1.xml" >fj-1.xml
  refused 6 renkei workflow check fj-1.xml
  [[ $stderr == *FM024* ]]
  sed 's/identifies="name"/identifies="nickname"/' "$RENKEI_SRCDIR/forms/fujisawa/fj-1.xml" >fj-1.xml
  refused 6 renkei workflow check fj-1.xml
  sed 's/rk:identifies="birth"/rk:identifies="birth" rk:public="yes"/' \
    "$RENKEI_SRCDIR/workflows/fujisawa/room-creation.scxml" >room.scxml
  refused 6 renkei workflow check room.scxml
  [[ $stderr == *WF090* ]]
}
