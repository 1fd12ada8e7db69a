#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A procedure that was written wrongly: the event ends in words, and the case is as it was.
load cli
setup() {
  cli_setup
  cat >trap.scxml <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="trap" initial="calm" rk:title="試験用">
  <rk:procedure municipality="fujisawa">
    <rk:role id="member_institution" title="医療機関（医師会会員）"/>
    <rk:role id="association" title="医師会"/>
    <rk:uses form="fj-3"/>
  </rk:procedure>
  <datamodel>
    <data id="count" expr="0"/>
    <data id="list"><n/><n/><n/><n/><n/><n/><n/><n/><n/><n/></data>
  </datamodel>
  <state id="calm" rk:title="待機">
    <transition event="spin" target="one" rk:by="member_institution"/>
    <transition event="grow" target="one" rk:by="member_institution">
      <foreach array="$list/n" item="a"><foreach array="$list/n" item="b"><foreach array="$list/n" item="c">
        <assign location="$list" type="lastchild" expr="$list/n"/>
      </foreach></foreach></foreach>
    </transition>
    <transition event="send" target="over" rk:by="member_institution">
      <rk:ask name="whose" title="だれの" required="no" public="yes"/>
      <rk:send-paper form="fj-3" to="association" channel="fax" eachexpr="$_event/data/whose"/>
    </transition>
    <transition event="enter" target="over" rk:by="member_institution">
      <rk:ask name="whose" title="だれの" required="no" public="yes"/>
      <rk:record register="institution" keyexpr="$_event/data/whose" state="applied"/>
    </transition>
    <transition event="end" target="over" rk:by="member_institution"/>
  </state>
  <state id="one"><transition target="two"><assign location="$count" expr="$count + 1"/></transition></state>
  <state id="two"><transition target="one"/></state>
  <final id="over" rk:title="終了"/>
</scxml>
END
  make_clinic
  clinic -q workflow install trap.scxml
  clinic -q new trap
}

# What is known of the case, and how often something was entered into the journal.
picture() {
  clinic --format json show R8-0001
  clinic --format json log R8-0001
}

@test "transitions that lead in a circle end in words, and the case is as it was" {
  before=$(picture)
  refused 6 clinic do R8-0001 spin
  [[ $stderr == *WF100* ]]
  [[ $(picture) == "$before" ]]
  clinic verify
  clinic -q do R8-0001 end
}

@test "data that grows with each round ends in words, and the case is as it was" {
  before=$(picture)
  refused 6 clinic do R8-0001 grow
  [[ $stderr == *WF106* ]]
  [[ $(picture) == "$before" ]]
  clinic verify
  clinic -q do R8-0001 end
}

@test "what is to be sent or registered for nobody is refused, and the case is as it was" {
  before=$(picture)
  refused 6 clinic do R8-0001 send
  [[ $stderr == *WF107*eachexpr*send-paper* ]]
  refused 6 clinic do R8-0001 enter
  [[ $stderr == *WF107*keyexpr*record* ]]
  [[ $(picture) == "$before" ]]
  clinic verify
  clinic -q do R8-0001 enter --set whose=例示医院
  clinic register institution --format json | jq -e '[.entries[].key] == ["例示医院"]'
}
