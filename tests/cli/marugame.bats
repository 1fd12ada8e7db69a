#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The handbook of one town, whole: its papers, held against a list copied from it by hand, and its
# main line run with the commands.
load cli
load town
setup() { cli_setup; }

make_desks() {
  clinic -q init --office example-clinic --municipality marugame --roles system_user --exercise
  city -q init --office example-city --municipality marugame --roles city --exercise
  for form in mg-1-1 mg-5-1 mg-consent mg-pledge; do
    clinic -q form approve "$form"
  done
}
city() { renkei --db "$BATS_TEST_TMPDIR/city.db" --clock "$now" "$@"; }
patient() { printf 'institution = 例示クリニック\npatient = %s\nbirth_date = 昭和25年3月1日\n' "$1"; }
room() {
  cat <<END
application_date = 2026-04-10
office_name = 例示クリニック
rep_name = 架空 太郎
system_officer_name = 架空 太郎
office_phone = 0877-00-0000
patient_name_kana = レイジ イチロウ
patient_name = $1
sex = male
birth_date = 昭和25年3月1日
patient_postal_code = 763-0000
patient_address = 香川県丸亀市例示町9-9
room_users[1].office_name = 例示クリニック
room_users[1].name = 架空 太郎
room_users[1].occupation = 医師
END
}
consent() {
  printf '%s\n' 'consent_date = 2026-04-10' 'patient_name_kana = レイジ イチロウ' 'birth_date = 昭和25年3月1日' \
    'patient_address = 香川県丸亀市例示町9-9' 'explainer_office_name = 例示クリニック' 'explainer_name = 架空 太郎'
}

@test "papers go as the handbook says, and nowhere else" { town_moves marugame; }

@test "papers lie with the city, and never with the vendor" { town_lies marugame; }

@test "every transition of every procedure is taken by its tests" {
  renkei --format json workflow test --coverage "$RENKEI_SRCDIR/workflows/marugame" | jq -e '.untaken == []'
}

@test "every procedure and duty of the handbook is there" {
  make_desks
  city workflow list --format json | jq -e '[.entries[].key] | contains(["marugame-registration", "marugame-room-creation",
    "marugame-additional-patient", "marugame-operation-briefing", "marugame-disclosure", "marugame-incident",
    "marugame-password-change", "marugame-copy-permission", "marugame-environment-approval", "marugame-inquiry"])'
  city duty list --format json | jq -e '[.duties[] | {(.id): .kind}] | add
    | .["marugame-system-officer"] == "guard" and .["marugame-maintenance-outsourcing"] == "checklist"'
}

@test "a clinic registers, has a room made, and for a further patient hands in neither request nor pledge" {
  make_desks
  clinic -q new marugame-registration --set institution=例示クリニック --set request=mg-1-1
  refused 4 clinic do R8-0001 request.submitted
  [[ $stderr == *様式１－１* && $stderr == *誓約書* ]]
  request_text | sed 's/251-0000/763-0000/' | clinic -q form fill R8-0001 mg-1-1 -
  printf 'pledge_date = 2026-04-01\noffice_name = 例示クリニック\n' | clinic -q form fill R8-0001 mg-pledge -
  refused 4 clinic do R8-0001 request.submitted
  [[ $stderr == *mg-pledge* ]]
  clinic -q form sign R8-0001 mg-pledge
  clinic do R8-0001 request.submitted
  refused 4 clinic do R8-0001 form.accepted --as city

  # Together with the registration; the room waits for the IDs.
  patient '例示 一郎' | clinic -q new marugame-room-creation --values -
  room '例示 一郎' | clinic -q form fill R8-0002 mg-5-1 -
  consent | clinic -q form fill R8-0002 mg-consent -
  clinic -q form sign R8-0002 mg-consent
  clinic do R8-0002 room.requested
  clinic do R8-0002 consent.confirmed --evidence phone
  refused 4 clinic do R8-0002 room.created
  [[ $stderr == *"the officer is chosen"* ]]
  at 2026-04-10T09:00
  clinic tick
  for event in form.accepted id.issued id.notified operation.explained use.started; do
    clinic do R8-0001 "$event" --evidence phone
  done
  clinic do R8-0002 room.created --evidence phone

  # A further patient: only 5-1 and the consent.
  at 2026-05-01T09:00
  clinic -q new marugame-registration --set institution=例示クリニック --set request=mg-1-1
  request_text | clinic -q form fill R8-0003 mg-1-1 -
  refused 4 clinic do R8-0003 request.submitted
  [[ $stderr == *"further patient"* ]]
  patient '例示 春子' | clinic -q new marugame-additional-patient --values -
  room '例示 春子' | clinic -q form fill R8-0004 mg-5-1 -
  consent | clinic -q form fill R8-0004 mg-consent -
  clinic -q form sign R8-0004 mg-consent
  clinic do R8-0004 room.requested
  clinic show R8-0004 --format json | jq -e '[.papers[].form] | sort == ["mg-5-1", "mg-consent"]'
  for event in consent.confirmed room.created; do
    clinic do R8-0004 "$event" --evidence phone
  done
  clinic register room --format json | jq -e '[.entries[].state] == ["open", "open"]'
  clinic form print R8-0004 mg-5-1 -o room.pdf
  pdftotext room.pdf - | grep -q 丸亀市長
  clinic verify
}

@test "at the city a paper that is not there is refused; who is not registered registers first" {
  make_desks
  city -q new marugame-registration --set institution=例示クリニック --set request=mg-2-1
  refused 4 city do R8-0001 request.submitted --received mg-2-1
  [[ $stderr == *誓約書* ]]
  refused 6 city new marugame-registration --set institution=例示クリニック --set request=mg-3
  patient '例示 一郎' | clinic -q new marugame-additional-patient --values -
  refused 4 clinic do R8-0001 room.requested
  [[ $stderr == *"does not use the system yet"* ]]
  clinic do R8-0001 user.unregistered
  clinic verify
  city verify
}

@test "the name that no handbook gives is asked for, not made up" {
  make_desks
  clinic doctor --format json >doctor.json || true
  grep -q city.contact doctor.json
}
