#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From the twelve pledge items to the erased ID, at the desks of a care management office, the city, the vendor.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
office=例示居宅介護支援
by_mail=(--set applicant_kind=corporation --set channel=email)

chapter "1. The office applies" office
at 2026-04-01T09:00
step "The office makes its database." \
  renkei init --office example-office --municipality nagareyama --roles system_user --exercise
step "It opens its case." renkei new nagareyama-registration --set institution=$office
grep -v 'pledge_07\|is_system_officer' "$here/ng-1.txt" | fill R8-0001 ng-1 "様式１; on its back one of the twelve items is not ticked."
refused "All twelve are." renkei do R8-0001 application.submitted "${by_mail[@]}"
grep -v is_system_officer "$here/ng-1.txt" | fill R8-0001 ng-1 "Ticked; but nobody is the system officer."
refused "Each office has one." renkei do R8-0001 application.submitted "${by_mail[@]}"
fill R8-0001 ng-1 "The whole form." <"$here/ng-1.txt"
refused "A sole proprietor applies through an organisation." \
  renkei do R8-0001 application.submitted --set applicant_kind=sole-proprietor --set channel=email
refused "It is not brought by a friend." \
  renkei do R8-0001 application.submitted --set applicant_kind=corporation --set channel=hand
step "By e-mail." renkei do R8-0001 application.submitted "${by_mail[@]}"
paper R8-0001 ng-1 registration "利用登録申請書（様式１）"

chapter "2. The city reviews" city
at 2026-04-02T09:00
step "The city makes its own database." \
  renkei init --office example-city --municipality nagareyama --roles city --exercise
renkei --quiet new nagareyama-registration --set institution=$office >/dev/null
refused "What came in by another way than was said is not accepted." \
  renkei do R8-0001 application.submitted "${by_mail[@]}" --received ng-1 --channel hand
step "It came by e-mail." renkei do R8-0001 application.submitted "${by_mail[@]}" --received ng-1
fill R8-0001 ng-1 "It is read." <"$here/ng-1.txt"
refused "No ID is asked for before the review." renkei do R8-0001 issue.requested
step "It passes." renkei do R8-0001 review.passed
step "The vendor is asked; the application stays with the city." renkei do R8-0001 issue.requested

chapter "3. The vendor issues" vendor
step "A third database." renkei init --office example-vendor --municipality nagareyama --roles vendor --exercise
renkei --quiet new nagareyama-registration --set institution=$office >/dev/null
renkei --quiet do R8-0001 application.submitted "${by_mail[@]}" --evidence phone >/dev/null
follow R8-0001 review.passed
step "The request came, without the application." renkei do R8-0001 issue.requested --evidence paper
step "The ID is issued and sent to the city." renkei do R8-0001 id.issued
step "No paper lies here." renkei custody R8-0001

chapter "4. Notified, and a certificate installed" city
at 2026-04-08T10:00
follow R8-0001 id.issued
step "② The city notifies the office." renkei do R8-0001 id.notified
desk=office
follow R8-0001 review.passed issue.requested id.issued id.notified
printf 'person = 架空 花子\nterminal = PC 1\n' >other.txt
refused "Who did not get an ID installs nothing." renkei do R8-0001 certificate.installed --values other.txt
printf 'person = 架空 太郎\nterminal = PC 1\n' >terminal.txt
step "③ Usable is it when the certificate is on the terminal." renkei do R8-0001 certificate.installed --values terminal.txt
step "The next annual status is open already." renkei list
desk=city
renkei --quiet do R8-0001 certificate.installed --values "$folder/terminal.txt" --evidence phone >/dev/null

chapter "5. The consent: by post or at the counter" office
at 2026-04-10T09:00
step "A subject." renkei new nagareyama-consent --values "$here/subject.txt"
step "The office explains." renkei do R8-0003 consent.explained
refused "An agent who signs says how they are related." renkei do R8-0003 consent.signed --received ng-consent \
  --set signed_by=agent --set family_data=no --set family_signed=no
refused "When family data are shared, the family signs." renkei do R8-0003 consent.signed --received ng-consent \
  --set signed_by=subject --set family_data=yes --set family_signed=no
step "The subject signs." renkei do R8-0003 consent.signed --received ng-consent \
  --set signed_by=subject --set family_data=no --set family_signed=no
refused "First a copy for the subject." renkei do R8-0003 original.filed --set channel=post
step "It is handed over." renkei do R8-0003 copy.given
refused "A signed paper does not go by FAX: 郵送または窓口." renkei do R8-0003 original.filed --set channel=fax
step "By post." renkei do R8-0003 original.filed --set channel=post

chapter "6. The room" office
{ cat "$here/subject.txt"; echo 'applicant = 架空 太郎'; } >room.txt
step "Any system user may ask for one." renkei new nagareyama-room-opening --values room.txt
sed 's/name = 架空 太郎/name = 例示 花/; s/介護支援専門員/家族/' "$here/ng-4.txt" | fill R8-0004 ng-4 "様式４; the family is to take part."
refused "A tool among professionals." renkei do R8-0004 application.submitted --set channel=counter
fill R8-0004 ng-4 "Without the family." <"$here/ng-4.txt"
step "At the counter." renkei do R8-0004 application.submitted --set channel=counter
paper R8-0004 ng-4 room "利用対象者・関係機関登録申請書（様式４）"

chapter "7. The city opens it" city
at 2026-04-13T09:00
renkei --quiet new nagareyama-room-opening --values "$folder/room.txt" >/dev/null
step "様式４ came before the consent; both orders do." \
  renkei do R8-0003 application.submitted --set channel=counter --received ng-4
fill R8-0003 ng-4 "Who takes part." <"$here/ng-4.txt"
eligible=(--set residence=citizen --set at_home=yes)
refused "One office alone does not share." renkei do R8-0003 subject.eligible "${eligible[@]}" --set institutions=1
step "Two or more." renkei do R8-0003 subject.eligible "${eligible[@]}" --set institutions=2
refused "The original consent is not here." renkei do R8-0003 consent.original-received
renkei --quiet new nagareyama-consent --values "$here/subject.txt" >/dev/null
follow R8-0004 consent.explained
renkei --quiet do R8-0004 consent.signed --evidence phone --set signed_by=subject --set family_data=no --set family_signed=no >/dev/null
follow R8-0004 copy.given
refused "It does not come by FAX either." \
  renkei do R8-0004 original.filed --set channel=post --received ng-consent --channel fax
step "It came by post." renkei do R8-0004 original.filed --set channel=post --received ng-consent
step "Now the room's case goes on." renkei do R8-0003 consent.original-received
step "③ The room is made." renkei do R8-0003 room.created
step "③ Its participants are invited." renkei do R8-0003 participants.invited
step "The original lies with the city, the copy with the subject." renkei custody R8-0004

chapter "8. Three ways to leave" office
at 2026-06-30T09:00
printf 'institution = %s\nperson = 架空 太郎\ndestination = 例示訪問介護\n' $office >transfer.txt
step "A transfer?" renkei new nagareyama-transfer --values transfer.txt
cat >ng-3.txt <<END
application_date = 2026-06-30
applicant_name = 例示会
rep_name = 架空 次郎
office_name = $office
contact = 04-7100-0000
chg_user_name = yes
chg_user_office = yes
user_before = 架空 太郎（$office）
user_after = 架空 太郎（例示訪問介護）
END
fill R8-0005 ng-3 "様式３." <ng-3.txt
refused "Within one corporation only." \
  renkei do R8-0005 change.submitted --set channel=email --set corporation=other --set place=in-city
refused "And within the city only." \
  renkei do R8-0005 change.submitted --set channel=email --set corporation=same --set place=outside-city
step "He leaves the city: that is a deletion, and its case opens." renkei do R8-0005 transfer.outside-city
deleted=(--set channel=fax --set reason=transfer-outside-city)
sed 's/削除/更新/' "$here/ng-2.txt" | fill R8-0006 ng-2 "様式２; by mistake 異動区分 is 更新."
refused "Nobody would be deleted." renkei do R8-0006 deletion.submitted "${deleted[@]}"
fill R8-0006 ng-2 "異動区分 is 削除." <"$here/ng-2.txt"
step "① By FAX." renkei do R8-0006 deletion.submitted "${deleted[@]}"
paper R8-0006 ng-2 deletion "更新・削除申請書（様式２）"
follow R8-0006 deletion.requested
at 2026-07-02T09:00
step "② The ID is erased." renkei do R8-0006 id.erased --evidence phone
step "He is in no room any more, not even in that of the city's notices." renkei register participant
step "And no officer." renkei register officer
step "His terminal is to be wiped when it is discarded." renkei register device
for desk in office city vendor; do
  step "Every case of the $desk replayed from its journal, every chain recomputed." renkei verify
done
the_end 例示居宅介護支援の書類 "登録から削除まで、事業所・流山市・カナミックの三つの机で。"
