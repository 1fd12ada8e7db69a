#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The handbook of the district around one town: its papers, held against a list copied from it by
# hand, and its main line run with the commands at both desks.
load cli
load town
setup() { cli_setup; }

# clinic: an institution that also has the doctor in charge; centre: the liaison centre.
make_desks() {
  clinic -q init --office example-clinic --municipality kanzaki --roles applicant_institution,responsible_professional,room_caretaker --exercise
  centre -q init --office example-centre --municipality kanzaki --roles liaison_centre --exercise
  for form in kz-1-1 kz-1-2 kz-2-1-1 kz-2-2 kz-3-1 kz-4-1 kz-4-2 kz-4-3; do
    clinic -q form approve "$form"
  done
}
centre() { renkei --db "$BATS_TEST_TMPDIR/centre.db" --clock "$now" "$@"; }
patient() { printf 'patient = 例示 一郎\nbirth_date = 昭和25年3月1日\n'; }
pledge() { printf 'pledge_date = 2026-04-01\noffice_name = 例示クリニック\n'; }
application() {
  cat <<'END'
application_date = 2026-04-01
corp_name_kana = イリョウホウジンレイジカイ
corp_name = 医療法人例示会
rep_name_kana = カクウ タロウ
rep_name = 架空 太郎
inst_name = 例示クリニック
inst_postal_code = 842-0000
inst_address = 佐賀県神崎市例示町1-1
inst_phone = 0952-00-0000
contact_email = info@clinic.example
users[1].name_kana = カクウ タロウ
users[1].name = 架空 太郎
users[1].occupation = doctor
END
}
room() {
  cat <<'END'
application_date = 2026-04-10
applicant_office = 例示クリニック
applicant_name = 架空 太郎
applicant_phone = 0952-00-0000
patient_name_kana = レイジ イチロウ
patient_name = 例示 一郎
sex = male
birth_date = 昭和25年3月1日
patient_postal_code = 842-0000
patient_address = 佐賀県神崎市例示町9-9
participants[1].office_name = 例示クリニック
participants[1].name = 架空 太郎
participants[1].occupation = 医師
END
}

@test "papers go as the handbook says, and nowhere else" { town_moves kanzaki; }

@test "papers lie with the centre, and never with the vendor" { town_lies kanzaki; }

@test "every transition of every procedure is taken by its tests" {
  renkei --format json workflow test --coverage "$RENKEI_SRCDIR/workflows/kanzaki" | jq -e '.untaken == []'
}

@test "every procedure and duty of the handbook is there" {
  make_desks
  centre workflow list --format json | jq -e '[.entries[].key] | contains(["kanzaki-registration", "kanzaki-consent",
    "kanzaki-room-creation", "kanzaki-id-change", "kanzaki-participant-change", "kanzaki-room-deletion", "kanzaki-inactivity",
    "kanzaki-caretaker-check", "kanzaki-password-change", "kanzaki-inquiry", "kanzaki-user-addition"])'
  centre duty list --format json | jq -e '[.duties[] | {(.id): .kind}] | add
    | .["kanzaki-centre-review"] == "log" and .["kanzaki-terminal-rule"] == "reminder"'
  centre duty record kanzaki-centre-review --why 部屋の登録内容を確認
}

@test "an institution registers, the doctor opens a room, a participant leaves and the room is deleted" {
  make_desks
  clinic -q new kanzaki-registration --set institution=例示クリニック --set kind=medical
  refused 4 clinic do R8-0001 application.submitted
  [[ $stderr == *様式1-1* && $stderr == *様式1-2* && $stderr == *様式2-1-1* ]]
  pledge | clinic -q form fill R8-0001 kz-1-1 -
  pledge | clinic -q form fill R8-0001 kz-1-2 -
  application | sed '/inst_phone/d; s/カクウ タロウ/架空 太郎/' >wrong.txt
  refused 6 clinic form fill R8-0001 kz-2-1-1 wrong.txt
  [[ $stderr == *フリガナ* ]]
  application | clinic -q form fill R8-0001 kz-2-1-1 -
  refused 4 clinic do R8-0001 application.submitted
  [[ $stderr == *kz-1-1* && $stderr == *sign* ]]
  clinic -q form sign R8-0001 kz-1-1
  clinic -q form sign R8-0001 kz-1-2
  clinic do R8-0001 application.submitted
  refused 4 clinic do R8-0001 form.accepted --as liaison_centre
  for event in form.accepted id.issued id.notified; do
    clinic do R8-0001 "$event" --evidence phone
  done
  clinic register user_account --format json | jq -e '[.entries[] | select(.state == "active")] | length == 1'

  at 2026-04-10T09:00
  patient | clinic -q new kanzaki-consent --values -
  clinic do R8-0002 consent.explained
  refused 4 clinic do R8-0002 consent.signed --received kz-3-1 --channel fax
  [[ $stderr == *hand* ]]
  clinic do R8-0002 consent.signed --received kz-3-1
  patient | clinic -q new kanzaki-room-creation --values -
  room | clinic -q form fill R8-0003 kz-4-1 -
  refused 4 clinic do R8-0003 application.submitted
  [[ $stderr == *利用者部屋世話役* ]]
  clinic do R8-0002 consent.filed
  echo 'participants[1].is_room_caretaker = はい' | clinic -q form fill R8-0003 kz-4-1 -
  clinic do R8-0003 application.submitted
  for event in eligibility.met room.created participants.invited; do
    clinic do R8-0003 "$event" --evidence phone
  done
  clinic form print R8-0003 kz-4-1 -o room.pdf
  pdftotext room.pdf - | grep -q 利用者部屋世話役

  at 2026-05-01T09:00
  clinic -q new kanzaki-id-change --set institution=例示クリニック
  printf 'application_date = 2026-05-01\noffice_name = 例示クリニック\nrep_name = 架空 太郎\noffice_phone = 0952-00-0000\nusers[1].name = 架空 太郎\nusers[1].change_kind = 削除\n' |
    clinic -q form fill R8-0004 kz-2-2 -
  clinic do R8-0004 change.submitted
  clinic do R8-0004 id.stopped --evidence phone
  clinic register participant --format json | jq -e '[.entries[].state] == ["removed"]'
  patient | clinic -q new kanzaki-room-deletion --values -
  printf 'application_date = 2026-05-01\napplicant_office = 例示クリニック\napplicant_name = 架空 太郎\npatient_name = 例示 一郎\n' |
    clinic -q form fill R8-0005 kz-4-3 -
  clinic do R8-0005 deletion.applied
  clinic do R8-0005 room.deleted --evidence phone
  clinic register room --format json | jq -e '[.entries[].state] == ["closed"]'
  clinic verify
}

@test "who holds an ID already needs no pledge and no application" {
  make_desks
  clinic -q new kanzaki-registration --set institution=例示クリニック --set kind=medical
  refused 6 clinic do R8-0001 id.already-held
  refused 2 clinic do R8-0001 id.already-held --set person=架空太郎
  echo 'person = 架空 太郎' | clinic do R8-0001 id.already-held --values -
  clinic show R8-0001 --format json | jq -e '.case.closed and ([.papers[].state] | unique == ["blank"])'
}

@test "at the centre a paper that is not there is refused, and a room is deleted only after both answers" {
  make_desks
  centre -q new kanzaki-registration --set institution=例示クリニック --set kind=medical
  refused 4 centre do R8-0001 application.submitted --received kz-1-1,kz-2-1-1
  [[ $stderr == *様式1-2* ]]
  patient | centre -q new kanzaki-inactivity --values -
  at 2027-04-02T09:00
  centre tick
  refused 4 centre do R8-0002 room.deleted
  centre do R8-0002 applicant.confirmed --evidence phone
  refused 4 centre do R8-0002 room.deleted
  centre do R8-0002 patient.confirmed --evidence phone
  centre do R8-0002 room.deleted
  centre verify
}
