#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From registration to stop by way of the city, at three desks: the clinic's, the city's, the vendor's.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
clinic=例示クリニック

chapter "1. The clinic registers: from its own desk" clinic
at 2026-04-01T09:00
step "The clinic makes its database." \
  renkei init --office example-clinic --municipality mito --roles user_office --exercise
refused "Which form a pharmacy uses, no handbook says: there is no such kind." \
  renkei new mito-registration --set institution=$clinic --set kind=pharmacy
step "A medical institution." renkei new mito-registration --set institution=$clinic --set kind=medical
refused "Nothing is filed before the clinic itself has permitted it (誓約事項 ④)." \
  renkei do R8-0001 request.submitted --set channel=email
step "The twelve pledge items are read." renkei duty show mito-pledge-items
step "It is permitted." renkei do R8-0001 internal.permission-granted
grep -v inst_phone "$here/mt-1-2.txt" | fill R8-0001 mt-1-2 "様式1-2; a telephone number is forgotten."
fill R8-0001 mt-4-1 "様式4-1." <"$here/mt-4-1.txt"
refused "The program says which." renkei do R8-0001 request.submitted --set channel=email
fill R8-0001 mt-1-2 "The whole form." <"$here/mt-1-2.txt"
refused "The city takes no FAX." renkei do R8-0001 request.submitted --set channel=fax
step "By e-mail." renkei do R8-0001 request.submitted --set channel=email
paper R8-0001 mt-1-2 registration "利用登録依頼書（様式1-2）"
paper R8-0001 mt-4-1 pledge "誓約書（様式4-1）"
step "Both wait to leave the building." renkei outbox list

chapter "2. The same at the city's desk" city
at 2026-04-01T11:00
step "The city makes its own database." \
  renkei init --office example-city --municipality mito --roles user_manager --exercise
renkei --quiet new mito-registration --set institution=$clinic --set kind=medical >/dev/null
follow R8-0001 internal.permission-granted
refused "The request alone does not do." \
  renkei do R8-0001 request.submitted --set channel=email --received mt-1-2
step "Both have come." renkei do R8-0001 request.submitted --set channel=email --received mt-1-2,mt-4-1
fill R8-0001 mt-1-2 "Who is to have an ID is written down from the paper." <"$here/mt-1-2.txt"
refused "Nobody gets IDs before the vendor was asked." renkei do R8-0001 id.passed-on
step "The papers are in order; the vendor is asked." renkei do R8-0001 form.accepted

chapter "3. And at the vendor's" vendor
step "A third database." renkei init --office example-vendor --municipality mito --roles vendor --exercise
renkei --quiet new mito-registration --set institution=$clinic --set kind=medical >/dev/null
follow R8-0001 internal.permission-granted
renkei --quiet do R8-0001 request.submitted --set channel=email --evidence phone >/dev/null
step "The request has come by way of the city." renkei do R8-0001 form.accepted --received mt-1-2
fill R8-0001 mt-1-2 "It is read." <"$here/mt-1-2.txt"
refused "An ID does not go to the clinic from here." renkei do R8-0001 id.passed-on --as vendor
step "IDs and passwords are shipped to the city." renkei do R8-0001 id.shipped
step "The original is not here." renkei custody R8-0001

chapter "4. The IDs reach the clinic by way of the city" city
at 2026-04-08T10:00
follow R8-0001 id.shipped
step "The city passes them on." renkei do R8-0001 id.passed-on
follow R8-0001 pki.set-up
desk=clinic
follow R8-0001 form.accepted id.shipped id.passed-on
refused "Registered is a clinic when two-factor login is set up." \
  renkei do R8-0001 pki.set-up --on 2026-03-31
step "It is." renkei do R8-0001 pki.set-up

chapter "5. Consent and room" clinic
at 2026-04-10T09:00
step "A patient." renkei new mito-consent --values "$here/patient.txt"
step "The system is explained." renkei do R8-0002 consent.explained
fill R8-0002 mt-5 "様式5 is prepared." <"$here/mt-5.txt"
paper R8-0002 mt-5 consent "情報共有同意書（様式5）"
refused "A signature by own hand does not come by FAX." \
  renkei do R8-0002 consent.signed --received mt-5 --channel fax --set signer=patient
refused "Who signs for the patient says how they are related." \
  renkei do R8-0002 consent.signed --received mt-5 --set signer=proxy
step "The patient signs; the original stays here, a copy goes to the patient." \
  renkei do R8-0002 consent.signed --received mt-5 --set signer=patient
step "The room." renkei new mito-room-creation --values "$here/patient.txt"
fill R8-0003 mt-6 "様式6." <"$here/mt-6.txt"
refused "Without a copy of the consent there is no room." renkei do R8-0003 request.submitted --set channel=post
step "With it." renkei do R8-0003 request.submitted --set channel=post --received mt-5
paper R8-0003 mt-6 room "部屋作成依頼書（様式6）"

chapter "6. The city makes the room, ⑫ to ⑯" city
at 2026-04-13T09:00
renkei --quiet new mito-room-creation --values "$here/patient.txt" >/dev/null
step "⑪ has come by post." renkei do R8-0002 request.submitted --set channel=post --received mt-5,mt-6
fill R8-0002 mt-6 "Who takes part." <"$here/mt-6.txt"
refused "⑬ does not come before ⑫." renkei do R8-0002 room-users.registered
step "⑫ The room is made." renkei do R8-0002 room.created
step "⑬ Its users are registered," renkei do R8-0002 room-users.registered
step "⑭ what they may see is set," renkei do R8-0002 permissions.set
step "⑮ and the titles of the care reports; the papers are filed." renkei do R8-0002 report-titles.set
step "⑯ The clinic is told." renkei do R8-0002 completion.notified
step "Who keeps what." renkei custody R8-0002
desk=clinic
follow R8-0003 room.created room-users.registered permissions.set report-titles.set completion.notified
step "⑰ Use begins." renkei do R8-0003 use.started

chapter "7. A nurse leaves" clinic
at 2026-05-20T09:00
step "Her ID is to be stopped at the end of the month." renkei new mito-id-stop --set institution=$clinic
fill R8-0004 mt-3 "様式3." <"$here/mt-3.txt"
refused "The representative's seal is missing." renkei do R8-0004 stop.submitted --set channel=counter
step "It is sealed," renkei form sign R8-0004 mt-3
step "⑱ and handed in at the counter." renkei do R8-0004 stop.submitted --set channel=counter
paper R8-0004 mt-3 stop "ID 停止依頼書（様式3）"
follow R8-0004 stop.forwarded
refused "The day has not come." renkei do R8-0004 id.stopped --evidence phone
at 2026-06-01T09:00
step "⑳ It has." renkei do R8-0004 id.stopped --evidence phone
step "She is still seen in the room: participation is to be ended apart." renkei register participant
at 2026-06-03T09:00
step "The program reminds." renkei tick
step "The city has ended it." renkei do R8-0004 participation.ended --evidence phone
step "Now she is in no room any more." renkei register participant

chapter "8. The room is closed" clinic
at 2026-06-30T09:00
renkei --quiet new mito-room-closing --values "$here/patient.txt" >/dev/null
refused "Without a post in the room's notebook the city closes nothing." renkei do R8-0005 room.closed
step "Posted." renkei do R8-0005 closing.posted
follow R8-0005 post.confirmed
step "Closed." renkei do R8-0005 room.closed --evidence phone
for desk in clinic city vendor; do
  step "Every case of the $desk replayed from its journal, every chain recomputed." renkei verify
done
the_end 例示クリニックの書類 "登録から停止まで、事業所・市・カナミックの三つの机で。"
