#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Request and room at once, a further patient with two papers only, a leak, at the desks of a clinic, the city, the
# vendor. How an ID is stopped, this handbook does not say.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
clinic=例示クリニック
again() { sed 's/例示 一郎/例示 春子/; s/レイジ イチロウ/レイジ ハルコ/; s/昭和25年3月1日/昭和30年5月5日/; s/2026-04-01/2026-05-11/' "$here/$1"; }

chapter "1. Request, pledge, and a room, all at once" clinic
at 2026-04-01T09:00
step "The clinic makes its database." \
  renkei init --office example-clinic --municipality marugame --roles system_user --exercise
for form in mg-1-1 mg-pledge mg-5-1 mg-consent; do
  renkei --quiet form approve $form
done
refused "There is no 様式３." renkei new marugame-registration --set institution=$clinic --set request=mg-3
step "様式１－１." renkei new marugame-registration --set institution=$clinic --set request=mg-1-1
refused "Request and pledge." renkei do R8-0001 request.submitted
sed 's/2026-04-01/2026-02-30/' "$here/mg-1-1.txt" >wrong.txt
refused "A day that does not exist." renkei form fill R8-0001 mg-1-1 wrong.txt
fill R8-0001 mg-1-1 "The request." <"$here/mg-1-1.txt"
fill R8-0001 mg-pledge "The pledge," <"$here/mg-pledge.txt"
refused "which is signed." renkei do R8-0001 request.submitted
renkei --quiet form sign R8-0001 mg-pledge
step "① To the city." renkei do R8-0001 request.submitted
paper R8-0001 mg-1-1 request "利用登録依頼書（様式１－１）"
paper R8-0001 mg-pledge pledge "誓約書"
step "Together with it, the room." renkei new marugame-room-creation --values "$here/patient-1.txt"
fill R8-0002 mg-5-1 "様式５－１." <"$here/mg-5-1.txt"
fill R8-0002 mg-consent "The consent." <"$here/mg-consent.txt"
refused "The patient signs it." renkei do R8-0002 room.requested
renkei --quiet form sign R8-0002 mg-consent
step "① Both go along." renkei do R8-0002 room.requested
paper R8-0002 mg-5-1 room "新規部屋作成依頼書（様式５－１）"

chapter "2. The city" city
at 2026-04-02T09:00
step "The city makes its own database." \
  renkei init --office example-city --municipality marugame --roles city --exercise
renkei --quiet new marugame-registration --set institution=$clinic --set request=mg-1-1 >/dev/null
renkei --quiet new marugame-room-creation --values "$here/patient-1.txt" >/dev/null
refused "Without the pledge nothing is received." renkei do R8-0001 request.submitted --received mg-1-1
step "Both." renkei do R8-0001 request.submitted --received mg-1-1,mg-pledge
fill R8-0001 mg-1-1 "Who is to have an ID is copied." <"$here/mg-1-1.txt"
step "And the room's." renkei do R8-0002 room.requested --received mg-5-1,mg-consent
fill R8-0002 mg-5-1 "Who is in charge of it is copied." <"$here/mg-5-1.txt"
step "Consent was obtained: the city looks." renkei do R8-0002 consent.confirmed
refused "The room waits for the ID." renkei do R8-0002 room.created
step "The pledge was given; the vendor is asked." renkei do R8-0001 form.accepted

chapter "3. At the vendor's" vendor
step "A third database." renkei init --office example-vendor --municipality marugame --roles vendor --exercise
renkei --quiet new marugame-registration --set institution=$clinic --set request=mg-1-1 >/dev/null
follow R8-0001 request.submitted
step "The city asks." renkei do R8-0001 form.accepted --evidence paper
step "The ID is issued." renkei do R8-0001 id.issued
refused "What the city does is not entered in its name here." renkei do R8-0001 id.notified --as city
step "No pledge lies here." renkei custody R8-0001

chapter "4. Late, but issued" city
at 2026-04-10T09:00
step "More than about a week has passed." renkei tick
follow R8-0001 id.issued
step "② The clinic is told." renkei do R8-0001 id.notified
step "New users are shown how it works." renkei do R8-0001 operation.explained
desk=clinic
follow R8-0001 form.accepted id.issued id.notified operation.explained
step "③ Use begins." renkei do R8-0001 use.started
follow R8-0002 consent.confirmed
desk=city
follow R8-0001 use.started
step "Now the room is made." renkei do R8-0002 room.created
desk=clinic
step "Here, too." renkei do R8-0002 room.created --evidence phone

chapter "5. A further patient: two papers" clinic
at 2026-05-11T09:00
step "Does it take all of them again?" renkei new marugame-registration --set institution=$clinic --set request=mg-1-1
fill R8-0003 mg-1-1 "The request." < <(again mg-1-1.txt)
refused "It does not." renkei do R8-0003 request.submitted
again patient-1.txt >patient-2.txt
step "Request, pledge and explanation fall away." renkei new marugame-additional-patient --values patient-2.txt
fill R8-0004 mg-5-1 "様式５－１." < <(again mg-5-1.txt)
fill R8-0004 mg-consent "The consent." < <(again mg-consent.txt)
renkei --quiet form sign R8-0004 mg-consent
step "① Both to the city." renkei do R8-0004 room.requested
paper R8-0004 mg-consent consent "同意書"
follow R8-0004 consent.confirmed
step "Her room." renkei do R8-0004 room.created --evidence phone
step "Two rooms." renkei register room

chapter "6. A leak" clinic
at 2026-06-01T09:00
step "It is found." renkei new marugame-incident --set institution=$clinic
refused "Measures do not come before the report." renkei do R8-0005 measures.taken
step "What comes next?" renkei do R8-0005
printf 'summary = 端末の紛失。データは入っていない\n' >leak.txt
step "It is reported to the city promptly." renkei do R8-0005 incident.reported --values leak.txt
printf 'measures = 端末の回線を止め、パスワードを変更した\n' >measures.txt
step "Measures are taken." renkei do R8-0005 measures.taken --values measures.txt
step "What else the handbook demands." renkei duty list
for desk in clinic city vendor; do
  step "Every case of the $desk replayed from its journal, every chain recomputed." renkei verify
done
the_end 例示クリニックの書類 "登録から次の療養者まで、医療機関・丸亀市・カナミックの三つの机で。"
