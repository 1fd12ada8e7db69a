#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A procedure written as a variation of another: shown whole, installed whole, independent of its
# base from then on.
load cli
setup() {
  cli_setup
  mkdir town
  cp "$RENKEI_DATADIR/workflows/fujisawa/id-stop.scxml" base.scxml
  cp "$RENKEI_SRCDIR/tests/cli/town/stop.overlay.xml" town
}

@test "the whole procedure is shown, with a comment where a change came from" {
  run --separate-stderr renkei workflow check --flatten town/stop.overlay.xml
  [[ $status -eq 0 && $output == *'name="town-stop" initial="advice"'* ]]
  [[ $output == *'<!-- stop.overlay.xml:6: 依頼書を作る前に相談する (例 3) -->'* ]]
  xmllint --noout - <<<"$output"
  [[ $output != *rk:overlay* ]]
  run --separate-stderr renkei workflow check town
  [[ $status -eq 0 ]]
}

@test "a case of it needs neither the overlay nor its base any more" {
  make_clinic
  clinic -q workflow install town/stop.overlay.xml
  rm -r town base.scxml
  clinic -q new town-stop --set institution=例示クリニック
  run --separate-stderr clinic do R8-0001
  [[ $status -eq 0 && $output == *advised* ]]
  clinic -q do R8-0001 advised
  run --separate-stderr clinic --format json show R8-0001
  [[ $output == *draft* ]]
  clinic verify
}

@test "a base that no longer fits is told with the change that does not find its place" {
  sed -i 's/id="draft"/id="writing"/; s/target="draft"/target="writing"/; s/initial="draft"/initial="writing"/' base.scxml
  refused 6 renkei workflow check town/stop.overlay.xml
  [[ $stderr == *stop.overlay.xml:6:5*WF076* ]]
  refused 6 renkei workflow check --flatten town/stop.overlay.xml
  [[ -z $output ]]
  refused 2 renkei workflow check --flatten
}

@test "what the towns share is no municipality, and cannot be used as a procedure" {
  refused 3 renkei init --office us --municipality base --roles association
  [[ $stderr == *fujisawa* && $stderr != *"base,"* && $stderr != *", base"* ]]
  refused 6 renkei workflow check "$RENKEI_DATADIR/workflows/base/incident.base.xml"
  for file in "$RENKEI_DATADIR"/workflows/base/*; do
    [[ $file == *.base.xml ]]
  done
}
