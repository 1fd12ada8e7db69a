#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The registration of an institution, from its own desk and from the association's. Two databases,
# because the two offices have nothing in common but the papers that go between them.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"

procedure=fujisawa-member-registration
mkdir fax

cat >request.txt <<'END'
# 書式2-1 の記入。人も施設も架空のもの。
entry_date = 2026-04-01
corp_name_kana = イリョウホウジンレイジカイ
corp_name = 医療法人例示会
rep_name_kana = カクウ タロウ
rep_name = 架空 太郎
corp_postal_code = 251-0000
corp_address = 神奈川県藤沢市例示町 1-1
corp_phone = 0466-00-0000
inst_name_kana = レイジクリニック
inst_name = 例示クリニック
inst_postal_code = 251-0000
inst_address = 神奈川県藤沢市例示町 1-1
inst_phone = 0466-00-0000
id_receive_choice = same
contact_email = jimu@clinic.example
users[1].name_kana = カクウ タロウ
users[1].name = 架空 太郎
users[1].occupation = doctor
users[2].name_kana = カクウ ハナコ
users[2].name = 架空 花子
users[2].occupation = nurse
END
cat >pledge.txt <<'END'
# 書式3 の記入
pledge_date = 令和8年4月1日
inst_name = 例示クリニック
inst_address = 神奈川県藤沢市例示町 1-1
END
sed 's/4月1日/4月2日/' pledge.txt >pledge-again.txt
grep -v '^rep_name = ' request.txt >request-without-name.txt

chapter "The desk of 例示クリニック, 1 April 2026" clinic
at 2026-04-01T09:00
step "The clinic makes its database." \
  renkei init --office example-clinic --municipality fujisawa --roles member_institution --exercise
step "It opens its case." renkei new $procedure --set institution=例示クリニック
at 2026-04-01T09:10
step "What comes next?" renkei do R8-0001
refused "Nothing is sent before it is written." renkei do R8-0001 request.faxed
step "The request is filled in; the representative's name is forgotten." \
  renkei form fill R8-0001 fj-2-1 request-without-name.txt
refused "The program says which field." renkei form check R8-0001 fj-2-1
step "The whole request." renkei form fill R8-0001 fj-2-1 request.txt
step "The pledge." renkei form fill R8-0001 fj-3 pledge.txt
at 2026-04-01T09:30
refused "A pledge without a signature is none." renkei do R8-0001 request.faxed
paper R8-0001 fj-3 pledge-to-be-signed "署名を待つ誓約書（書式3）"
step "It is printed, signed by hand, and that is recorded." renkei form sign R8-0001 fj-3
refused "No handbook prints the bodies of these forms: the desk looks at our layout before it goes out." \
  renkei do R8-0001 request.faxed
step "It looks at the blank forms and approves them, once." renkei form approve fj-2-1
step "Both of them." renkei form approve fj-3
step "What would happen now?" renkei do R8-0001 request.faxed --dry-run
step "Both papers go to the association." renkei do R8-0001 request.faxed
step "What waits to leave the building; the signed pledge is faxed by hand." renkei outbox list
step "The request is handed to the FAX program: here, a folder." renkei outbox run --folder fax --yes
step "Where the case stands." renkei show R8-0001

chapter "The desk of the medical association, the same day" association
at 2026-04-01T10:00
step "The association makes its own database." \
  renkei init --office example-association --municipality fujisawa --roles association --exercise
step "A FAX came in: a case is opened." renkei new $procedure --set institution=例示クリニック
refused "Nobody is confirmed before the papers are here." renkei do R8-0001 member.confirmed
refused "The request alone does not do." \
  renkei do R8-0001 request.faxed --received fj-2-1 --evidence paper
step "Both papers have come." \
  renkei do R8-0001 request.faxed --received fj-2-1,fj-3 --evidence paper
at 2026-04-01T11:00
step "The seal on the pledge cannot be read: the papers are returned." \
  renkei do R8-0001 form.incomplete --why '書式3 の印影が読めない'
refused "Meanwhile nothing is confirmed." renkei do R8-0001 member.confirmed

chapter "Back at the clinic, the next day" clinic
at 2026-04-02T08:30
step "The papers came back." renkei do R8-0001 form.incomplete --evidence paper
refused "They cannot go out again as they are." renkei do R8-0001 form.resubmitted
step "The pledge is written again," renkei form fill R8-0001 fj-3 pledge-again.txt
step "the request once more," renkei form fill R8-0001 fj-2-1 request.txt
step "signed and sealed," renkei form sign R8-0001 fj-3
at 2026-04-02T09:00
step "and sent." renkei do R8-0001 form.resubmitted
paper R8-0001 fj-2-1 request-sent "送られた依頼書（書式2-1）"
step "No original is lost sight of." renkei custody R8-0001

chapter "And again the association" association
at 2026-04-02T09:30
refused "Only the pledge came again, but the procedure wants both." \
  renkei do R8-0001 form.resubmitted --received fj-3
step "Both papers came again." renkei do R8-0001 form.resubmitted --received fj-2-1,fj-3
refused "What happened cannot lie before what was recorded." \
  renkei do R8-0001 member.confirmed --on 2026-04-01
at 2026-04-02T10:00
step "Membership is confirmed; the vendor is asked for the IDs." \
  renkei do R8-0001 member.confirmed --evidence phone
step "Today's work." renkei
at 2026-04-10T09:00
step "A week has passed; the deadline takes effect." renkei tick
at 2026-04-10T13:00
step "The vendor issued the passwords." renkei do R8-0001 password.issued
step "It told the association." renkei do R8-0001 association.notified --evidence phone
refused "It tells it once." renkei do R8-0001 association.notified
at 2026-04-11T15:00
step "The clinic has its IDs." renkei do R8-0001 id.delivered --evidence phone
refused "The case is closed." renkei do R8-0001 id.delivered
step "The register of institutions." renkei register institution
step "Who holds which paper." renkei custody R8-0001
step "Who did what, when, on what ground." renkei log R8-0001
step "Every case replayed from its journal, every chain recomputed." renkei verify

for ending in pdf html tiff png; do
  renkei --quiet form blank fj-3 -o "papers/blank-pledge.$ending"
done
the_end 例示クリニックの登録 "FAX で送られるものは fax/ に、空白の誓約書は papers/ にあります。"
