#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Four eyes: what one person entered another must confirm, where the procedure says so.
load cli
setup() {
  cli_setup
  me=$(id -un)
  other=$(id -un 1)
}
as() {
  local uid=$1
  shift
  SUDO_UID=$uid association "$@"
}

# A stop that one person proposes and another orders. $1: the attribute's value.
procedure() {
  cat >stop.scxml <<END
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="stop" initial="open" rk:title="利用停止">
  <rk:procedure municipality="fujisawa"><rk:role id="association" title="医師会"/></rk:procedure>
  <state id="open" rk:title="受付">
    <transition event="stop.proposed" target="proposed" rk:by="association" rk:title="停止の起案"/>
  </state>
  <state id="proposed" rk:title="起案済み">
    <transition event="stop.checked" rk:by="association" rk:title="点検"/>
    <transition event="stop.returned" target="open" rk:by="association" rk:title="差戻し"/>
    <transition event="stop.ordered" target="end" rk:by="association" rk:title="停止の決裁">
      <rk:require second-person="${1-stop.proposed stop.checked}"/>
    </transition>
  </state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
}
make_stop() {
  make_association
  procedure
  association -q workflow install stop.scxml
  association -q new stop
}
two_people() { association -q operator add "$other" --roles association; }

@test "who proposed cannot order it, not even the founding and only operator" {
  make_stop
  association do R8-0001 stop.proposed
  before=$(association log R8-0001 --format json)
  refused 4 association do R8-0001 stop.ordered
  [[ $stderr == *CS220*stop.proposed*"$me"* ]]
  association do R8-0001 --format json |
    jq -e '.next[] | select(.event == "stop.ordered") | .possible == false and (.missing | contains("second person"))'
  [[ $(association log R8-0001 --format json) == "$before" ]]
}

@test "another one can, and the replay of it gives the same" {
  make_stop
  two_people
  association do R8-0001 stop.proposed
  as 1 do R8-0001 --format json |
    jq -e '.next[] | select(.event == "stop.ordered") | .possible == true'
  as 1 do R8-0001 stop.ordered
  association verify
  association log R8-0001 --format json | jq -e --arg a "$me" --arg b "$other" \
    '[.journal[] | select(.kind == "event") | .operator] == [$a, $b]'
}

@test "whoever entered one of the events named is no second person" {
  make_stop
  two_people
  association do R8-0001 stop.proposed
  as 1 do R8-0001 stop.checked
  refused 4 as 1 do R8-0001 stop.ordered
  [[ $stderr == *stop.checked*"$other"* && $stderr != *"'$me'"* ]]
  refused 4 association do R8-0001 stop.ordered
}

@test "what was taken back does not count, and the second event can be taken back" {
  make_stop
  two_people
  association do R8-0001 stop.proposed
  as 1 undo R8-0001 --why x -y
  as 1 do R8-0001 stop.proposed
  refused 4 as 1 do R8-0001 stop.ordered
  association do R8-0001 stop.ordered
  association verify
  association undo R8-0001 --why x -y
  refused 4 as 1 do R8-0001 stop.ordered
  association do R8-0001 stop.ordered
  association verify
}

@test "an event of a round before that was returned still counts" {
  make_stop
  two_people
  association do R8-0001 stop.proposed
  association do R8-0001 stop.returned
  as 1 do R8-0001 stop.proposed
  refused 4 association do R8-0001 stop.ordered
  refused 4 as 1 do R8-0001 stop.ordered
}

@test "check finds an event that nobody enters, and a place where nobody enters anything" {
  procedure stop.proposd
  refused 6 renkei workflow check stop.scxml
  [[ $stderr == *AN060*stop.proposd* ]]
  procedure ""
  refused 6 renkei workflow check stop.scxml
  procedure
  renkei workflow check stop.scxml
  sed -i 's/<transition event="stop.ordered" target="end" rk:by="association"/<transition event="stop.ordered" target="end"/' stop.scxml
  refused 6 renkei workflow check stop.scxml
  [[ $stderr == *AN061* ]]
}

@test "the picture shows it, and the plain document leaves it out" {
  procedure
  renkei workflow graph stop.scxml >stop.dot
  grep -q '≠ stop.proposed stop.checked' stop.dot
  renkei workflow simulate stop.scxml --expand >plain.scxml
  run ! grep second-person plain.scxml
  renkei workflow simulate plain.scxml --events stop.proposed,stop.ordered
}

@test "a test beside a procedure plays two people" {
  procedure
  cat >stop.test.xml <<'END'
<tests xmlns="urn:renkei:test:1" procedure="stop.scxml">
  <test title="二人で停止する" desk="association">
    <open at="2026-04-01"/>
    <do event="stop.proposed"/>
    <do event="stop.ordered" refused="yes"><expect-reason contains="stop.proposed"/></do>
    <look operator="hanako"><expect-next event="stop.ordered" possible="yes"/></look>
    <look><expect-next event="stop.ordered" possible="no"/></look>
    <do event="stop.ordered" operator="hanako"><expect-closed/></do>
  </test>
  <test title="同じ人" desk="association">
    <open at="2026-04-01"/>
    <do event="stop.proposed" operator="hanako"/>
    <do event="stop.ordered" operator="hanako"><expect-closed/></do>
  </test>
</tests>
END
  run --separate-stderr renkei workflow test stop.test.xml --format json
  [[ $status -eq 1 ]]
  jq -e '[.tests[].result] == ["passed", "failed"]' <<<"$output"
}
