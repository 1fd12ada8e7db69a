#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A municipality that is not shipped: its folder, names given to another town's procedure, channels
# of its own, and what differs between two procedures.
load cli
setup() {
  cli_setup
  tutorial=$RENKEI_SRCDIR/examples/new-municipality
  shipped=$RENKEI_DATADIR
}

begin() {
  renkei -q workflow begin town midori
  export RENKEI_DATADIR=$PWD/town
  cp "$tutorial"/forms/*.xml town/forms/midori
  cp "$tutorial"/workflows/*.xml town/workflows/midori
  town=town/workflows/midori
}

@test "a folder of one's own holds links to all that is shipped, and takes a second town later" {
  begin
  [[ -L town/workflows/fujisawa && -L town/workflows/registers.xml && -L town/xsl && -d town/forms/midori ]]
  renkei workflow begin town aoba
  [[ -d town/workflows/aoba && -d town/forms/aoba ]]
  ln -sfn /nowhere town/xsl
  RENKEI_DATADIR=$shipped renkei workflow begin town akane
  [[ -e town/xsl/form-fo.xsl ]]
}

@test "a folder that holds something else, a name that is taken or is none are refused, and nothing is made" {
  mkdir other && touch other/file
  refused 5 renkei workflow begin other midori
  refused 5 renkei workflow begin town mito
  for name in base Midori 1st a/b ../x ""; do
    refused 6 renkei workflow begin town "$name"
  done
  [[ ! -e town && $(ls other) == file ]]
  refused 2 renkei workflow begin town
}

@test "with its forms, channels and procedures it is checked, tested, founded and run" {
  begin
  renkei workflow check
  renkei workflow test
  clinic -q init --office us --municipality midori --roles member_institution --exercise
  clinic -q new midori-registration --set institution=例示クリニック
  clinic -q form fill R8-0001 md-1 "$tutorial/md-1.txt"
  printf 'pledge_date = 2026-04-01\ninst_name = 例示クリニック\n' | clinic -q form fill R8-0001 md-2 -
  clinic -q form sign R8-0001 md-2
  clinic do R8-0001 request.submitted
  clinic outbox list --format json | jq -e '[.outbox[].channel] | unique == ["e-application"]'
  clinic -q new midori-incident --set institution=例示クリニック
  # What a case is pinned to holds the added channel: the folder may go.
  rm -r town/workflows/midori
  clinic verify
  clinic show R8-0001
}

@test "a channel of the town's own may add, never change" {
  begin
  sed -i 's/id="e-application"/id="fax"/' $town/registers.xml
  refused 6 renkei workflow check
  [[ $stderr == *registers.xml:5*CT006*fax* ]]
  rm $town/registers.xml
  refused 6 renkei workflow check
  [[ $stderr == *AN009*e-application* ]]
}

@test "a name that the base does not have, or has already, is told in its line" {
  begin
  sed -i 's/from="fj-3"/from="fj-33"/' $town/registration.overlay.xml
  refused 6 renkei workflow check $town/registration.overlay.xml
  [[ $stderr == *registration.overlay.xml:10:3*WF087*"did you mean 'fj-3'"* && $stderr != *WF076* ]]
  sed -i 's/from="fj-33" to="md-2"/from="fj-3" to="md-1"/' $town/registration.overlay.xml
  refused 6 renkei workflow check $town/registration.overlay.xml
  [[ $stderr == *WF088*md-1* ]]
  sed -i 's/from="fj-3" to="md-1"/from="fj-3" to="md-2"/; s/from="書式3"/from="書式9"/' $town/registration.overlay.xml
  refused 6 renkei workflow check $town/registration.overlay.xml
  [[ $stderr == *WF089*書式9* ]]
}

@test "a name is given wherever it stands, in lists, in XPath and in events of papers, and nowhere else" {
  begin
  renkei workflow check --flatten $town/registration.overlay.xml >flat.xml
  run ! grep -E "'fj-|\"fj-|\"fujisawa|request\.faxed|rk:by=\"association" flat.xml
  grep -q "rk:each-row('md-1', 'users')" flat.xml
  # Words for people only where asked for: sources were read in the base's handbook.
  run ! grep -E '(title|message)="[^"]*医師会' flat.xml
  grep -q 'source="[^"]*藤沢市医師会' flat.xml
}

@test "the difference of two procedures is told part by part" {
  begin
  run --separate-stderr renkei workflow diff $town/id-stop.overlay.xml $town/id-stop.overlay.xml
  [[ $status -eq 0 && $output == "They say the same." || $stderr == "They say the same." ]]
  renkei --format json workflow diff town/workflows/fujisawa/id-stop.scxml $town/id-stop.overlay.xml >diff.json
  jq -e '[.differences[] | select(.where == "rk:uses md-4") | .change] == ["added"]' diff.json
  jq -e '[.differences[] | select(.where == "rk:uses fj-2-4") | .change] == ["removed"]' diff.json
  jq -e 'any(.differences[]; .where == "scxml" and .what == "name" and .from == "fujisawa-id-stop" and .to == "midori-id-stop")' diff.json
  clinic -q init --office us --municipality midori --roles member_institution --exercise
  sed -i 's/>P10D</>P14D</' $town/registration.overlay.xml
  clinic --format json workflow diff $town/registration.overlay.xml |
    jq -e '[.differences[] | [.change, .where]] == [["removed", "state id-requested"], ["added", "state id-requested"]]'
  clinic -q workflow install $town/registration.overlay.xml
  clinic --format json workflow diff $town/registration.overlay.xml | jq -e '.differences == []'
  refused 3 clinic workflow diff "$shipped/workflows/mito/consent.scxml"
  refused 10 renkei --db none.db workflow diff $town/registration.overlay.xml
  refused 2 renkei workflow diff
}

@test "a stylesheet that writes what cannot be printed is refused, or tried without it" {
  begin
  rm town/xsl && cp -rL "$shipped/xsl" town/xsl
  sed -i 's/<fo:root /<fo:root hyphenate="true" /' town/xsl/form-fo.xsl
  refused 6 renkei form blank fj-3 -o fj-3.pdf
  [[ $stderr == *hyphenate* && ! -e fj-3.pdf ]]
  run --separate-stderr -0 renkei form blank fj-3 -o fj-3.pdf --lenient
  [[ $stderr == *warning*hyphenate* && -s fj-3.pdf ]]
}
