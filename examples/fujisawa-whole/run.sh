#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From consent to stop, at the desk of one member clinic: it registers, adds a nurse, a patient consents, a room
# is opened, a non-member clinic and a nursing office join, a second patient follows, the nurse leaves.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"

clinic='例示クリニック'
head='entry_date = 2026-04-01
corp_name_kana = イリョウホウジンレイジカイ
corp_name = 医療法人例示会
rep_name_kana = カクウ タロウ
rep_name = 架空 太郎'
address='corp_postal_code = 251-0000
corp_address = 神奈川県藤沢市例示町 1-1
corp_phone = 0466-00-0000'
receive='id_receive_choice = same
contact_email = jimu@clinic.example'
user() { printf 'users[1].name_kana = %s\nusers[1].name = %s\nusers[1].occupation = %s\n' "$@"; }

chapter "1. The clinic registers" clinic
at 2026-04-01T09:00
step "The clinic makes its database." \
  renkei init --office example-clinic --municipality fujisawa --roles member_institution --exercise
step "What is on the handbook's last page: who does what with which paper." renkei custody --handbook
for form in fj-2-1 fj-2-1-1 fj-2-2 fj-2-3 fj-2-4 fj-3; do
  renkei --quiet form approve $form
done
step "It opens its case (the other example tells this part slowly)." \
  renkei new fujisawa-member-registration --set institution=$clinic
{
  printf '%s\n%s\n' "$head" "$address"
  printf 'inst_name_kana = レイジクリニック\ninst_name = %s\ninst_postal_code = 251-0000\n' $clinic
  printf 'inst_address = 神奈川県藤沢市例示町 1-1\ninst_phone = 0466-00-0000\n%s\n' "$receive"
  user 'カクウ タロウ' '架空 太郎' doctor
} | fill R8-0001 fj-2-1 "書式2-1 is filled in."
printf 'pledge_date = 令和8年4月1日\ninst_name = %s\n' $clinic | fill R8-0001 fj-3 "書式3 is filled in."
renkei --quiet form sign R8-0001 fj-3
step "Both go to the association." renkei do R8-0001 request.faxed
paper R8-0001 fj-2-1 request "新規登録の依頼（書式2-1）"
paper R8-0001 fj-3 pledge "医師会会員の誓約書（書式3）"
at 2026-04-08T10:00
for event in member.confirmed password.issued association.notified; do
  renkei --quiet do R8-0001 $event --evidence phone >/dev/null
done
step "A week later the IDs are there." renkei do R8-0001 id.delivered

chapter "2. A nurse is added"
at 2026-04-10T09:00
step "Staff is asked for straight at the vendor; the association is not told." \
  renkei new fujisawa-staff-addition --set institution=$clinic
request() {
  printf 'entry_date = 2026-04-10\ninst_name_kana = レイジクリニック\ninst_name = %s\n' $clinic
  printf 'inst_address = 神奈川県藤沢市例示町 1-1\ninst_phone = 0466-00-0000\n'
  user "$@"
}
request 'カクウ タロウ' '架空 太郎' doctor | fill R8-0002 fj-2-1-1 "書式2-1-1; by mistake the doctor's name stands in it again."
refused "One person has one ID." renkei do R8-0002 request.faxed
request 'カクウ ハナコ' '架空 花子' nurse | fill R8-0002 fj-2-1-1 "The nurse."
step "It goes to the vendor." renkei do R8-0002 request.faxed
paper R8-0002 fj-2-1-1 staff "自施設スタッフの追加（書式2-1-1）"
at 2026-04-15T09:00
step "Her ID has come." renkei do R8-0002 id.delivered

chapter "3. A patient consents, and a room is opened"
at 2026-04-16T09:00
patient() { printf 'institution = %s\npatient = %s\nbirth_date = %s\n' $clinic "$1" "$2"; }
refused "Who a patient is never stands on the command line." bash -c \
  "renkei --db clinic.db --clock '$clock' new fujisawa-patient-consent --set institution=$clinic --set 'patient=例示 一郎' || exit 4"
patient '例示 一郎' 昭和25年3月1日 >patient-1.txt
step "It comes from a file (or is asked for)." renkei new fujisawa-patient-consent --values patient-1.txt
step "The doctor explains." renkei do R8-0003 consent.explained
{
  printf 'consent_date = 令和8年4月16日\npatient_name_kana = レイジ イチロウ\nbirth_date = 昭和25年3月1日\n'
  printf 'patient_postal_code = 251-0000\npatient_address = 神奈川県藤沢市例示町 9-9\n'
  printf 'explainer_institution = %s\nexplainer_name = 架空 太郎\n' $clinic
} | fill R8-0003 fj-1 "書式1 is prepared for the patient's hand."
paper R8-0003 fj-1 consent "説明および同意書（書式1）"
{ cat patient-1.txt; echo 'doctor = 架空 太郎'; } >room-1.txt
step "Meanwhile somebody wants to open the room." renkei new fujisawa-room-creation --values room-1.txt
refused "No room without consent in writing." renkei do R8-0004 consent.checked
step "The patient signed; 書式1 stays here." renkei do R8-0003 consent.signed --received fj-1 --evidence paper
step "Consent is checked." renkei do R8-0004 consent.checked
printf 'address = 神奈川県藤沢市例示町 9-9\nservice_office = 例示薬局\n' >input.txt
refused "Each institution has a system officer." renkei do R8-0004 room.created --values input.txt
echo 'officer = 架空 太郎' >officer.txt
step "The doctor is named." renkei do R8-0004 officer.named --values officer.txt
step "The room is made." renkei do R8-0004 room.created --values input.txt

chapter "4. A non-member clinic and a nursing office join"
at 2026-04-20T09:00
# join CASE PARTNER FORM
pledges() {
  local form
  for form in fj-4 fj-5; do
    printf 'addressee_institution = %s\npledge_date = 令和8年4月20日\noffice_name = %s\n' $clinic "$2" |
      renkei --quiet form fill "$1" $form - >/dev/null
  done
  step "The owner's pledge came by hand and stays here," renkei do "$1" pledge.owner-received --received fj-4
  step "and that of the employees." renkei do "$1" pledge.employee-received --received fj-5
}
step "A clinic that is no member." renkei new fujisawa-partner-registration \
  --set institution=$clinic --set partner=例示病院 --set kind=medical
refused "Nothing is asked for before its pledges are here." renkei do R8-0005 request.faxed
pledges R8-0005 例示病院
paper R8-0005 fj-4 partner-owner "連携先の事業主の誓約書（書式4）"
paper R8-0005 fj-5 partner-staff "連携先の従業員の誓約書（書式5）"
{
  printf 'requesting_institution = %s\n%s\n%s\n' $clinic "$head" "$address"
  printf 'inst_name_kana = レイジビョウイン\ninst_name = 例示病院\ninst_postal_code = 251-0000\n'
  printf 'inst_address = 神奈川県藤沢市例示町 2-2\ninst_phone = 0466-00-0001\n%s\n' "$receive"
  user 'カクウ ジロウ' '架空 次郎' doctor
} | fill R8-0005 fj-2-2 "書式2-2, for a medical institution."
step "Straight to the vendor." renkei do R8-0005 request.faxed
paper R8-0005 fj-2-2 nonmember "会員以外の医療機関の依頼（書式2-2）"
step "A nursing office." renkei new fujisawa-partner-registration \
  --set institution=$clinic --set partner=例示訪問看護 --set kind=office
pledges R8-0006 例示訪問看護
office() {
  printf 'requesting_institution = %s\n%s\n' $clinic "$head"
  printf 'corp_address = 神奈川県藤沢市例示町 3-3\ncorp_phone = 0466-00-0003\noffice_name = 例示訪問看護\n'
  printf 'office_address = 神奈川県藤沢市例示町 3-3\noffice_phone = 0466-00-0003\nservice_types = home-nursing\n%s\n' "$receive"
  user 'カクウ シズカ' '架空 静' care-manager
  printf 'users[1].care_manager_number = %s\n' "$1"
}
office 1234567 >office.txt
refused "A care manager's number has eight digits." renkei form fill R8-0006 fj-2-3 office.txt
office 12345678 | fill R8-0006 fj-2-3 "書式2-3, for other offices."
step "Straight to the vendor." renkei do R8-0006 request.faxed
paper R8-0006 fj-2-3 office "事業所の依頼（書式2-3）"
at 2026-04-27T09:00
renkei --quiet do R8-0005 id.delivered >/dev/null
step "Both have their IDs." renkei do R8-0006 id.delivered
{ cat patient-1.txt; printf 'office = 例示訪問看護\nperson = 架空 静\n'; } >invite.txt
step "The care manager is invited into the room." renkei new fujisawa-room-invitation --values invite.txt
renkei --quiet do R8-0007 participant.invited >/dev/null
step "She joined." renkei do R8-0007 participant.joined
{ cat patient-1.txt; printf 'office = %s\nperson = 架空 花子\n' $clinic; } >invite.txt
renkei --quiet new fujisawa-room-invitation --values invite.txt >/dev/null
renkei --quiet do R8-0008 participant.invited >/dev/null
step "So did the nurse." renkei do R8-0008 participant.joined

chapter "5. A second patient follows"
at 2026-05-11T09:00
patient '例示 二葉' 昭和30年5月5日 >patient-2.txt
echo 'doctor = 架空 太郎' >>patient-2.txt
step "The case opens one of consent." renkei new fujisawa-additional-patient --values patient-2.txt
step "It is shown from both ends." renkei show R8-0009
renkei --quiet do R8-0010 consent.explained >/dev/null
step "She consents." renkei do R8-0010 consent.signed --received fj-1 --evidence paper
step "Consent is checked." renkei do R8-0009 consent.checked
refused "A partner that is not registered goes the long way." renkei do R8-0009 partner.named --set partner=見知らぬ薬局
for partner in 例示病院 例示訪問看護; do
  step "$partner takes part; no request, but the pledges anew." renkei do R8-0009 partner.named --set partner=$partner
done
for form in 4 5; do
  [[ $form = 4 ]] && event=pledge.owner-received || event=pledge.employee-received
  step "書式$form of 例示病院." renkei do R8-0009 "$event" --set partner=例示病院 --received "fj-$form:例示病院"
done
refused "One set of pledges for each partner." renkei do R8-0009 pledges.completed
for form in 4 5; do
  [[ $form = 4 ]] && event=pledge.owner-received || event=pledge.employee-received
  renkei --quiet do R8-0009 "$event" --set partner=例示訪問看護 --received "fj-$form:例示訪問看護" >/dev/null
done
step "All are here; the room's case opens." renkei do R8-0009 pledges.completed
renkei --quiet do R8-0011 consent.checked >/dev/null
printf 'address = 神奈川県藤沢市例示町 8-8\nservice_office = 例示訪問看護\n' >input.txt
step "The room is made, and with it the first case ends." renkei do R8-0011 room.created --values input.txt

chapter "6. The nurse leaves"
at 2026-06-30T09:00
step "Her ID is to be stopped." renkei new fujisawa-id-stop --set institution=$clinic
{
  printf '%s\n%s\n' "${head/2026-04-01/2026-06-30}" "$address"
  user 'カクウ ハナコ' '架空 花子' nurse
} | fill R8-0012 fj-2-4 "書式2-4."
step "It goes to the vendor." renkei do R8-0012 stop.faxed
paper R8-0012 fj-2-4 stop "ID 停止依頼書（書式2-4）"
at 2026-07-01T09:00
step "It is stopped." renkei do R8-0012 id.stopped
step "She is in no room any more." renkei register participant
step "Her ID is no more." renkei register user_account
step "Who holds which paper." renkei custody
step "Every case replayed from its journal, every chain recomputed." renkei verify

the_end 例示クリニックの書類 "同意から停止まで。"
