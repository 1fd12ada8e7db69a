#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The handbook of a city that stands between its offices and the vendor: its papers and fields, held
# against lists copied from it by hand, and its main line run with the commands at both desks.
load cli
load town
setup() { cli_setup; }

make_desks() {
  office -q init --office example-office --municipality mito --roles user_office --exercise
  city -q init --office example-city --municipality mito --roles user_manager --exercise
}
office() { renkei --db "$BATS_TEST_TMPDIR/office.db" --clock "$now" "$@"; }
city() { renkei --db "$BATS_TEST_TMPDIR/city.db" --clock "$now" "$@"; }
patient() { printf 'institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 昭和25年3月1日\n'; }
request() {
  cat <<'END'
entry_date = 2026-04-01
corp_name_kana = イリョウホウジンレイジカイ
corp_name = 医療法人例示会
rep_name_kana = カクウ タロウ
rep_name = 架空 太郎
corp_postal_code = 310-0000
corp_address = 茨城県水戸市例示町1-1
corp_phone = 029-000-0000
inst_name_kana = レイジクリニック
inst_name = 例示クリニック
inst_postal_code = 310-0000
inst_address = 茨城県水戸市例示町1-1
inst_phone = 029-000-0000
id_receive_choice = same
contact_email = info@clinic.example
users[1].name_kana = カクウ ハナコ
users[1].name = 架空 花子
users[1].occupation = 看護師
END
}
stop() {
  request | grep -E '^(entry_date|corp_|rep_)'
  printf 'users[1].name_kana = カクウ ハナコ\nusers[1].name = 架空 花子\nusers[1].occupation = 看護師\n'
}
room() {
  cat <<'END'
application_date = 2026-04-10
office_name = 例示クリニック
rep_name = 架空 太郎
system_officer_name = 架空 花子
office_phone = 029-000-0000
patient_name_kana = レイジ イチロウ
patient_name = 例示 一郎
sex = 男
birth_date = 昭和25年3月1日
patient_postal_code = 310-0000
patient_address = 茨城県水戸市例示町9-9
care_level = 要介護2
care_insurance_number = 0000000001
room_users[1].office_name = 例示クリニック
room_users[1].name = 架空 花子
room_users[1].occupation = 看護師
END
}

@test "papers go as the handbook says, and nowhere else" { town_moves mito; }

@test "papers lie where the handbook keeps them, and never with whom it excludes" { town_lies mito; }

@test "every transition of every procedure is taken by its tests" {
  renkei --format json workflow test --coverage "$RENKEI_SRCDIR/workflows/mito" | jq -e '.untaken == []'
}

@test "forms have the fields that the handbook prints, in its order" {
  for form in mt-1-2 mt-2-2b mt-2-2c mt-3 mt-4-1 mt-4-emp mt-5 mt-6; do
    xmllint --xpath "//*[local-name()='field']/@*[name()='id' or name()='type' or name()='label']" \
      "$RENKEI_SRCDIR/forms/mito/$form.xml" | sed 's/^ *[a-z]*="//; s/" *$//' | paste - - - >seen
    grep "^$form	" "$RENKEI_SRCDIR/tests/expect/mito-forms.tsv" |
      awk -F'\t' '{ sub(/^.*[.]/, "", $2); print $2 "\t" $3 "\t" $4 }' | diff - seen
  done
}

@test "every procedure and duty of the handbook is there" {
  make_desks
  city workflow list --format json | jq -e '[.entries[].key] | contains(["mito-registration", "mito-user-addition",
    "mito-consent", "mito-room-creation", "mito-room-join", "mito-room-closing", "mito-id-stop", "mito-detail-change",
    "mito-fault-report", "mito-use-termination", "mito-breach", "mito-coordination", "mito-two-factor"])'
  city duty list --format json | jq -e '[.duties[] | {(.id): .kind}] | add
    | .["mito-system-officer"] == "guard" and .["mito-registry"] == "listing" and .["mito-password"] == "reminder"'
  city duty show mito-pledge-items --format json | jq -e '[.duty[] | select(.part == "item")] | length == 12'
}

@test "an office registers by way of the city, opens a room with a copy of the consent, closes it and stops an ID" {
  make_desks
  refused 6 office new mito-registration --set institution=例示クリニック --set kind=pharmacy
  office -q new mito-registration --set institution=例示クリニック --set kind=medical
  refused 4 office do R8-0001 request.submitted --set channel=email
  office do R8-0001 internal.permission-granted
  refused 4 office do R8-0001 request.submitted --set channel=email
  [[ $stderr == *様式1-2* && $stderr == *様式4-1* ]]
  request | sed '/inst_phone/d' | office -q form fill R8-0001 mt-1-2 -
  printf 'pledge_date = 2026-04-01\noffice_name = 例示クリニック\nrep_name = 架空 太郎\n' | office -q form fill R8-0001 mt-4-1 -
  refused 4 office do R8-0001 request.submitted --set channel=email
  [[ $stderr == *電話番号* ]]
  echo 'inst_phone = 029-000-0000' | office -q form fill R8-0001 mt-1-2 -
  refused 6 office do R8-0001 request.submitted --set channel=fax
  office do R8-0001 request.submitted --set channel=email
  refused 4 office do R8-0001 form.accepted --as user_manager
  for event in form.accepted id.shipped id.passed-on; do
    office do R8-0001 "$event" --evidence phone
  done
  office do R8-0001 pki.set-up
  office register user_account --format json | jq -e '[.entries[].state] == ["active"]'

  at 2026-04-10T09:00
  patient | office -q new mito-consent --values -
  office do R8-0002 consent.explained
  refused 4 office do R8-0002 consent.signed --received mt-5 --channel fax --set signer=patient
  refused 4 office do R8-0002 consent.signed --received mt-5 --set signer=proxy
  [[ $stderr == *relationship* ]]
  office do R8-0002 consent.signed --received mt-5 --set signer=patient
  office custody --format json | jq -e '[.custody[] | select(.form == "mt-5") | .holder] == ["user_office"]'
  patient | office -q new mito-room-creation --values -
  room | sed '/care_insurance/d' | office -q form fill R8-0003 mt-6 -
  refused 4 office do R8-0003 request.submitted --set channel=post --received mt-5
  [[ $stderr == *番号* ]]
  echo 'care_insurance_number = 0000000001' | office -q form fill R8-0003 mt-6 -
  refused 4 office do R8-0003 request.submitted --set channel=post
  [[ $stderr == *様式5* ]]
  office do R8-0003 request.submitted --set channel=post --received mt-5
  refused 4 office do R8-0003 room.created --as user_manager
  for event in room.created room-users.registered permissions.set report-titles.set completion.notified; do
    office do R8-0003 "$event" --evidence phone
  done
  office do R8-0003 use.started
  office form print R8-0003 mt-6 -o room.pdf
  pdftotext room.pdf - | grep -q 例示

  at 2026-05-01T09:00
  patient | office -q new mito-room-closing --values -
  refused 4 office do R8-0004 room.closed
  office do R8-0004 closing.posted
  office do R8-0004 post.confirmed
  office do R8-0004 room.closed
  office -q new mito-id-stop --set institution=例示クリニック
  stop | office -q form fill R8-0005 mt-3 -
  refused 4 office do R8-0005 stop.submitted --set channel=email
  [[ $stderr == *mt-3* && $stderr == *sign* ]]
  office -q form sign R8-0005 mt-3
  office do R8-0005 stop.submitted --set channel=counter
  for event in stop.forwarded id.stopped participation.ended; do
    office do R8-0005 "$event" --evidence phone
  done
  office register user_account --format json | jq -e '[.entries[].state] == ["stopped"]'
  office register room --format json | jq -e '[.entries[].state] == ["closed"]'
  office verify
}

@test "at the city a paper that is not there, or comes by FAX, is refused; an unregistered person is not invited" {
  make_desks
  city -q new mito-registration --set institution=例示クリニック --set kind=medical
  city do R8-0001 internal.permission-granted
  refused 4 city do R8-0001 request.submitted --set channel=post --received mt-1-2
  [[ $stderr == *様式4-1* ]]
  refused 4 city do R8-0001 request.submitted --set channel=post --received mt-1-2,mt-4-1 --channel fax
  city do R8-0001 request.submitted --set channel=post --received mt-1-2,mt-4-1
  city do R8-0001 form.accepted
  city custody --format json | jq -e '[.custody[] | select(.form == "mt-4-1") | .holder] == ["user_manager"]'
  city -q new mito-room-join --set institution=例示クリニック
  refused 2 city do R8-0002 invite.requested --set room_name=例示 --set office=例示薬局 --set person=架空
  printf 'room_name = 例示 一郎 様\noffice = 例示薬局\nperson = 架空 三郎\n' | city do R8-0002 invite.requested --values -
  refused 4 city do R8-0002 participant.registered
  [[ $stderr == *"not registered"* ]]
  city do R8-0002 participant.unregistered
  city verify
}
