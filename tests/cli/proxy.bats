#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Entered by one in the name of another, who has to confirm it.
load cli
setup() {
  cli_setup
  me=$(id -un)
  other=$(id -un 1)
  third=$(id -un 2)
}
as() {
  local uid=$1
  shift
  SUDO_UID=$uid association "$@"
}
make_two() {
  make_association
  association -q operator add "$other" --roles association
}
# The row of the last entry of a case.
last() { association log "$1" --format json | jq -c '.journal | last'; }

@test "both stand in the journal, and it waits for the one in whose name it was entered" {
  make_two
  association -q new fujisawa-member-registration --set institution=例示クリニック --for "$other"
  association do R8-0001 request.faxed --received fj-2-1,fj-3 --for "$other"
  last R8-0001 | jq -e --arg a "$me" --arg b "$other" \
    '.operator == $a and .on_behalf == $b and .confirmed == false'
  association log R8-0001 | grep -q "$other"
  as 1 --format json | jq -e --arg a "$me" '[.unconfirmed[] | .case, .operator] == ["R8-0001", $a, "R8-0001", $a]'
  association --format json | jq -e '.unconfirmed == []'
  association show R8-0001 --format json | jq -e --arg b "$other" '[.unconfirmed[].on_behalf] == [$b, $b]'
  association verify
}

@test "only that person confirms it, and once" {
  make_two
  open_case association
  association do R8-0001 request.faxed --received fj-2-1,fj-3 --for "$other"
  refused 4 association -y confirm R8-0001
  [[ $stderr == *CS243* ]]
  refused 2 as 1 confirm R8-0001
  as 1 -y confirm R8-0001
  as 1 --format json | jq -e '.unconfirmed == []'
  association log R8-0001 --format json |
    jq -e --arg b "$other" '[.journal[] | select(.on_behalf == $b) | .confirmed] == [true]'
  last R8-0001 | jq -e --arg b "$other" '.kind == "confirm" and .operator == $b'
  refused 4 as 1 -y confirm R8-0001
  association verify
  # The procedure goes on as if it had been entered without a proxy.
  association do R8-0001 member.confirmed
  association verify
}

@test "it needs the right of both, and the other must be an operator today" {
  make_two
  open_case association
  refused 4 association do R8-0001 request.faxed --received fj-2-1,fj-3 --for "$me"
  [[ $stderr == *CS240* ]]
  refused 4 association do R8-0001 request.faxed --received fj-2-1,fj-3 --for nobody-here
  [[ $stderr == *CS241* ]]
  association operator change "$other" --to 2026-03-31
  refused 4 association do R8-0001 request.faxed --received fj-2-1,fj-3 --for "$other"
  [[ $stderr == *CS241* ]]
  association operator add "$third" --roles administrator
  association do R8-0001 request.faxed --received fj-2-1,fj-3
  refused 4 association do R8-0001 member.confirmed --for "$third"
  [[ $stderr == *CS242*association* ]]
  association --format json | jq -e '.unconfirmed == []'
}

@test "what is taken back waits no more, with its confirmation if there was one" {
  make_two
  open_case association
  association do R8-0001 request.faxed --received fj-2-1,fj-3 --for "$other"
  association undo R8-0001 --why x -y
  as 1 --format json | jq -e '.unconfirmed == []'
  association verify
  association do R8-0001 request.faxed --received fj-2-1,fj-3 --for "$other"
  as 1 -y confirm R8-0001
  association undo R8-0001 --why x -y
  as 1 --format json | jq -e '.unconfirmed == []'
  association show R8-0001 --format json | jq -e '.case.state == "draft"'
  association verify
}

@test "a paper is filled in by proxy, and confirmed" {
  make_clinic
  clinic -q operator add "$other" --roles member_institution
  open_case clinic
  request_text | clinic -q form fill R8-0001 fj-2-1 - --for "$other"
  clinic log R8-0001 --format json | jq -e --arg b "$other" '.journal | last | .kind == "fill" and .on_behalf == $b'
  SUDO_UID=1 clinic -y confirm R8-0001
  clinic verify
}

@test "in the editor, too: by proxy, and only for somebody who may" {
  make_clinic
  clinic -q operator add "$other" --roles member_institution
  open_case clinic
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nprintf "pledge_date = 2026-04-01\\ninst_name = 例示クリニック\\n" >"$1"\n' >editor
  chmod +x editor
  EDITOR=$PWD/editor refused 4 clinic form edit R8-0001 fj-3 --for nobody-here
  clinic log R8-0001 --format json | jq -e '.journal | all(.kind != "fill")'
  EDITOR=$PWD/editor clinic -q form edit R8-0001 fj-3 --for "$other"
  clinic log R8-0001 --format json | jq -e --arg b "$other" '.journal | last | .kind == "fill" and .on_behalf == $b'
  SUDO_UID=1 clinic -y confirm R8-0001
  clinic verify
}

@test "the second person is neither of the two" {
  make_two
  association -q operator add "$third" --roles association
  cat >stop.scxml <<'END'
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="stop" initial="open" rk:title="利用停止">
  <rk:procedure municipality="fujisawa"><rk:role id="association" title="医師会"/></rk:procedure>
  <state id="open" rk:title="受付">
    <transition event="stop.proposed" target="proposed" rk:by="association" rk:title="起案"/>
  </state>
  <state id="proposed" rk:title="起案済み">
    <transition event="stop.ordered" target="end" rk:by="association" rk:title="決裁">
      <rk:require second-person="stop.proposed"/>
    </transition>
  </state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
  association -q workflow install stop.scxml
  association -q new stop
  association do R8-0001 stop.proposed --for "$other"
  refused 4 association do R8-0001 stop.ordered
  refused 4 as 1 do R8-0001 stop.ordered
  refused 4 as 2 do R8-0001 stop.ordered --for "$other"
  as 2 do R8-0001 stop.ordered
  as 1 -y confirm R8-0001
  association verify
}
