#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From two pledges to a room that nobody used for a year, at the desks of a clinic, the liaison centre, the vendor.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
clinic=例示クリニック

chapter "1. STEP 1: pledges and application" clinic
at 2026-04-01T09:00
step "The clinic makes its database: it applies, has the doctor in charge and the room's caretaker." \
  renkei init --office example-clinic --municipality kanzaki \
  --roles applicant_institution,responsible_professional,room_caretaker --exercise
for form in kz-1-1 kz-1-2 kz-2-1-1 kz-2-2 kz-4-1 kz-4-2 kz-4-3; do
  renkei --quiet form approve $form
done
step "It opens its case." renkei new kanzaki-registration --set institution=$clinic --set kind=medical
refused "Two pledges and an application." renkei do R8-0001 application.submitted
fill R8-0001 kz-1-1 "The institution's pledge," <"$here/pledge.txt"
fill R8-0001 kz-1-2 "that of its users." <"$here/pledge.txt"
sed 's/カクウ タロウ/架空 太郎/' "$here/kz-2-1-1.txt" >wrong.txt
refused "A reading is written in kana." renkei form fill R8-0001 kz-2-1-1 wrong.txt
fill R8-0001 kz-2-1-1 "The application." <"$here/kz-2-1-1.txt"
refused "A pledge is signed." renkei do R8-0001 application.submitted
renkei --quiet form sign R8-0001 kz-1-1
step "Both are." renkei form sign R8-0001 kz-1-2
step "① To the centre." renkei do R8-0001 application.submitted
paper R8-0001 kz-1-1 pledge "誓約書（様式1-1）"
paper R8-0001 kz-2-1-1 application "利用登録申請書（様式2-1-1）"
refused "What the centre decides is not entered as the centre here." renkei do R8-0001 form.accepted --as liaison_centre

chapter "2. The centre asks the vendor for the ID" centre
at 2026-04-02T09:00
step "The centre makes its own database." \
  renkei init --office example-centre --municipality kanzaki --roles liaison_centre --exercise
renkei --quiet new kanzaki-registration --set institution=$clinic --set kind=medical >/dev/null
refused "The users' pledge is missing." renkei do R8-0001 application.submitted --received kz-1-1,kz-2-1-1
step "All have come." renkei do R8-0001 application.submitted --received kz-1-1,kz-1-2,kz-2-1-1
fill R8-0001 kz-2-1-1 "Who is to have an ID is copied." <"$here/kz-2-1-1.txt"
step "②" renkei do R8-0001 form.accepted

chapter "3. At the vendor's" vendor
step "A third database." renkei init --office example-vendor --municipality kanzaki --roles vendor --exercise
renkei --quiet new kanzaki-registration --set institution=$clinic --set kind=medical >/dev/null
follow R8-0001 application.submitted
step "The centre asks." renkei do R8-0001 form.accepted --evidence paper
refused "The clinic is told by the centre." renkei do R8-0001 id.notified --as vendor
step "② The IDs are issued." renkei do R8-0001 id.issued
step "No pledge lies here." renkei custody R8-0001

chapter "4. The clinic has its IDs" centre
at 2026-04-09T10:00
follow R8-0001 id.issued
step "③" renkei do R8-0001 id.notified
desk=clinic
follow R8-0001 form.accepted id.issued
step "Here, too." renkei do R8-0001 id.notified --evidence phone
step "A second application?" renkei new kanzaki-registration --set institution=$clinic --set kind=medical
printf 'person = 架空 太郎\n' >person.txt
refused "Whose name it is never stands on the command line." renkei do R8-0002 id.already-held --set person=架空太郎
step "Who holds an ID needs none of it." renkei do R8-0002 id.already-held --values person.txt

chapter "5. STEP 2: consent and application for a room" clinic
at 2026-04-10T09:00
step "A patient." renkei new kanzaki-consent --values "$here/patient.txt"
step "Meanwhile somebody applies for the room." renkei new kanzaki-room-creation --values "$here/patient.txt"
fill R8-0004 kz-4-1 "様式4-1." <"$here/kz-4-1.txt"
refused "Consent comes first." renkei do R8-0004 application.submitted
step "④ It is explained." renkei do R8-0003 consent.explained
refused "A signature does not come by FAX." renkei do R8-0003 consent.signed --received kz-3-1 --channel fax
step "⑤ Signed." renkei do R8-0003 consent.signed --received kz-3-1
echo 'participants[1].is_room_caretaker = はい' | fill R8-0004 kz-4-1 "Two caretakers are marked."
refused "Exactly one." renkei do R8-0004 application.submitted
echo 'participants[1].is_room_caretaker = いいえ' | fill R8-0004 kz-4-1 "One."
step "⑥ The application" renkei do R8-0004 application.submitted
step "⑥ and the consent go to the centre." renkei do R8-0003 consent.filed
paper R8-0004 kz-4-1 room "部屋の作成申請書（様式4-1）"

chapter "6. STEP 3: the centre opens the room" centre
at 2026-04-13T09:00
renkei --quiet new kanzaki-consent --values "$here/patient.txt" >/dev/null
renkei --quiet new kanzaki-room-creation --values "$here/patient.txt" >/dev/null
follow R8-0002 consent.explained consent.signed
step "The application is here." renkei do R8-0003 application.submitted --received kz-4-1
fill R8-0003 kz-4-1 "Who takes part is copied." <"$here/kz-4-1.txt"
refused "Both, consent and application, must have been filed." renkei do R8-0003 eligibility.met
step "The consent is here." renkei do R8-0002 consent.filed --received kz-3-1
step "Both." renkei do R8-0003 eligibility.met
step "⑦ The room is made." renkei do R8-0003 room.created
printf 'person = 例示 花\n' >family.txt
step "Patient and family may take part here." renkei do R8-0003 family.invited --values family.txt
step "⑦ All are invited." renkei do R8-0003 participants.invited
step "They are in the room." renkei register participant
desk=clinic
follow R8-0004 eligibility.met room.created participants.invited

chapter "7. The caretaker leaves" clinic
at 2026-05-20T09:00
step "She is taken out of the room:" renkei new kanzaki-participant-change --values "$here/patient.txt"
grep -v caretaker "$here/kz-4-2.txt" | fill R8-0005 kz-4-2 "様式4-2; nobody is to follow her."
refused "A room has a caretaker." renkei do R8-0005 change.submitted
fill R8-0005 kz-4-2 "The doctor." <"$here/kz-4-2.txt"
step "To the centre." renkei do R8-0005 change.submitted
follow R8-0005 change.checked
step "She is out." renkei do R8-0005 participant.removed --evidence phone
step "He follows." renkei do R8-0005 participant.updated --evidence phone
at 2026-05-31T09:00
step "And her ID ends:" renkei new kanzaki-id-change --set institution=$clinic
fill R8-0006 kz-2-2 "様式2-2." <"$here/kz-2-2.txt"
step "To the centre." renkei do R8-0006 change.submitted
paper R8-0006 kz-2-2 stop "登録内容の変更（様式2-2）"
step "Stopped." renkei do R8-0006 id.stopped --evidence phone

chapter "8. A year later" centre
at 2026-06-01T09:00
step "The centre watches whether the room is used." renkei new kanzaki-inactivity --values "$here/patient.txt"
at 2027-06-02T09:00
step "It was not." renkei tick
refused "Nobody was asked." renkei do R8-0004 room.deleted
step "The applicant agrees." renkei do R8-0004 applicant.confirmed --evidence phone
refused "One answer is not both." renkei do R8-0004 room.deleted
step "So does the patient." renkei do R8-0004 patient.confirmed --evidence phone
step "Now it may be deleted, and is." renkei do R8-0004 room.deleted

chapter "9. Or the doctor asks for it" clinic
at 2027-06-10T09:00
step "様式4-3." renkei new kanzaki-room-deletion --values "$here/patient.txt"
fill R9-0001 kz-4-3 "The application." <"$here/kz-4-3.txt"
step "To the centre." renkei do R9-0001 deletion.applied
step "Deleted." renkei do R9-0001 room.deleted --evidence phone
for desk in clinic centre vendor; do
  step "Every case of the $desk replayed from its journal, every chain recomputed." renkei verify
done
the_end 例示クリニックの書類 "誓約書から部屋の削除まで、医療機関・支援センター・システム管理会社の三つの机で。"
