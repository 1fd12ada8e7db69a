#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A municipality that does not exist is added to the program and works: forms, procedures and a way of filing of its
# own, made from the nearest town by overlays. README.md tells the same step by step.
# shellcheck disable=SC1010
# shellcheck source=examples/story.sh
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
desk=clinic
rm -rf town
at 2026-04-01T09:00

chapter "1. A folder of one's own"
step "Everything shipped is linked in it, nothing copied." renkei workflow begin town midori
export RENKEI_DATADIR=$folder/town
step "A town without procedures has no desks yet." \
  renkei init --office example-clinic --municipality midori --roles member_institution || echo "(not found)"

chapter "2. Forms, a way of filing, procedures"
cp "$here"/forms/*.xml town/forms/midori/
cp "$here"/workflows/*.xml town/workflows/midori/
sed -i 's/fj-3/fj-33/' town/workflows/midori/registration.overlay.xml
refused "A name that the base does not have." renkei workflow check
cp "$here/workflows/registration.overlay.xml" town/workflows/midori/
step "All is well." renkei workflow check
step "The tests beside it, at three desks." renkei workflow test
step "The forms." renkei form list
for form in md-1 md-2 md-3 md-4; do
  renkei --quiet form blank $form -o papers/$form.png
done
command renkei workflow graph town/workflows/midori/registration.overlay.xml >registration.dot

chapter "3. A clinic of the town works with it" clinic
step "Its database." \
  renkei init --office example-clinic --municipality midori --roles member_institution --exercise
step "A case." renkei new midori-registration --set institution=例示クリニック
fill R8-0001 md-1 "様式1." <"$here/md-1.txt"
printf 'pledge_date = 2026-04-01\ninst_name = 例示クリニック\n' | fill R8-0001 md-2 "様式2."
refused "It is not signed." renkei do R8-0001 request.submitted
step "It is." renkei form sign R8-0001 md-2
step "Filed electronically." renkei do R8-0001 request.submitted
step "It goes by the town's own way." renkei outbox list
paper R8-0001 md-1 request "利用登録依頼書（様式1）"

chapter "4. A rule changes"
sed -i 's/>P10D</>P14D</; s/to="10 日程度"/to="14 日程度"/' town/workflows/midori/registration.overlay.xml
step "What would be different." renkei workflow diff town/workflows/midori/registration.overlay.xml
step "Installed: new cases follow it, open ones keep theirs." renkei workflow install
step "Nothing is different any more." renkei workflow diff town/workflows/midori/registration.overlay.xml
step "The open case goes on as it began." renkei do R8-0001
step "Every case replayed from its journal, every chain recomputed." renkei verify
the_end 緑町の手続 "緑町は架空の町です。"
