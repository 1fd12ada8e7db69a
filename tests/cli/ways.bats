#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A paper that may come by several ways: the one that was taken is told, any other is refused.
load cli
setup() { cli_setup; }

# A request that comes to us by FAX, post or the counter, and goes on from us the same way.
procedure() {
  cat >ways.scxml <<END
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="ways" initial="draft" rk:title="申請">
  <rk:procedure municipality="fujisawa"><rk:role id="office" title="事業所"/>
    <rk:role id="association" title="医師会"/><rk:role id="vendor" title="提供者"/><rk:uses form="fj-2-1"/></rk:procedure>
  <state id="draft" rk:title="作成">
    <transition event="request.submitted" target="received" rk:by="office" rk:title="提出">
      <rk:ask name="channel" title="提出方法" type="choice" values="email fax post counter" public="yes"/>
      <rk:require form="fj-2-1" state="complete"/>
      <rk:send-paper form="fj-2-1" from="office" to="association" channelexpr="\$_event/data/channel" channels="${1-fax post counter}"/>
    </transition>
  </state>
  <state id="received" rk:title="受付">
    <transition event="request.passed" target="end" rk:by="association" rk:title="送付">
      <rk:ask name="channel" title="送付方法" type="choice" values="email fax" public="yes"/>
      <rk:keep form="fj-2-1" holder="association"/>
      <rk:send-paper form="fj-2-1" from="association" to="vendor" channelexpr="\$_event/data/channel" channels="fax"/>
    </transition>
    <transition event="request.returned" target="draft" rk:by="association" rk:title="返却">
      <rk:paper-event form="fj-2-1" event="paper.returned"/>
    </transition>
  </state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
}
make_ways() {
  make_association
  procedure
  association -q workflow install ways.scxml
  association -q new ways
}

@test "what comes by a way that is not allowed is refused, and nothing has changed" {
  make_ways
  refused 4 association do R8-0001 request.submitted --set channel=email --received fj-2-1
  [[ $stderr == *CS028*email*"fax post counter"* ]]
  refused 4 association do R8-0001 request.submitted --set channel=post --received fj-2-1 --channel email
  refused 4 association do R8-0001 request.submitted --set channel=pigeon --received fj-2-1
  [[ $(association custody --format json | jq '.custody | length') -eq 0 ]]
}

@test "what comes by an allowed way is taken as having come by it" {
  make_ways
  association do R8-0001 request.submitted --set channel=post --received fj-2-1
  association custody --format json | jq -e '[.custody[] | [.form, .kind, .holder]] == [["fj-2-1", "original", "association"]]'
  association show R8-0001 --format json | jq -e '.transmissions[-1].channel == "post"'
  association verify
}

@test "a paper that comes again by another way is judged by what came last" {
  make_ways
  association do R8-0001 request.submitted --set channel=fax --received fj-2-1
  association do R8-0001 request.returned
  at 2026-04-02T09:00
  association do R8-0001 request.submitted --set channel=post --received fj-2-1
  association custody --format json | jq -e '[.custody[] | select(.holder == "association") | .kind] | sort == ["fax", "original"]'
  association verify
}

@test "what goes out by a way that is not allowed is refused, too" {
  make_ways
  association do R8-0001 request.submitted --set channel=counter --received fj-2-1
  refused 4 association do R8-0001 request.passed --set channel=email
  [[ $stderr == *CS028*email*fax* ]]
  association do R8-0001 request.passed --set channel=fax
  association outbox list --format json | jq -e '.outbox[0].channel == "fax"'
}

@test "a way that no channel is called is found before anything runs" {
  procedure "fax pigeon"
  refused 6 renkei workflow check ways.scxml
  [[ $stderr == *ways.scxml:*pigeon* ]]
}

@test "a scan whose way nobody said is entered by a person when there are several" {
  make_association
  procedure
  sed -i -e '/rk:ask/d' -e 's/channelexpr="[^"]*" channels="[^"]*"/channel="fax"/' \
    -e 's|<transition event="request.returned"|<transition event="request.repeated" target="received" rk:by="office" rk:title="再送"><rk:require form="fj-2-1" state="complete"/><rk:send-paper form="fj-2-1" from="office" to="association" channel="post"/></transition>&|' ways.scxml
  association -q workflow install ways.scxml
  association -q new ways
  association -q -y form print R8-0001 fj-2-1 -o came.tiff
  run --separate-stderr association --format json receive came.tiff --apply
  echo "$status $output $stderr"
  [[ $status -eq 0 && $stderr == *CS217*"fax post"* ]]
  jq -e '.papers[0].state == "proposed"' <<<"$output"
  association receive came.tiff --channel fax --apply
  association show R8-0001 --format json | jq -e '.transmissions[-1].channel == "fax"'
  association -q verify
}

# A paper that FAX or post may bring, and no event asks which.
make_untold() {
  make_association
  procedure
  sed -i -e '/rk:ask/d' -e 's/channelexpr="[^"]*" channels="[^"]*"/channel="fax"/' \
    -e 's|<transition event="request.returned"|<transition event="request.repeated" target="received" rk:by="office" rk:title="再送"><rk:require form="fj-2-1" state="complete"/><rk:send-paper form="fj-2-1" from="office" to="association" channel="post"/></transition>&|' ways.scxml
  association -q workflow install ways.scxml
  association -q new ways
}

@test "by which of several ways a paper came is not guessed" {
  make_untold
  refused 4 association do R8-0001 request.submitted --received fj-2-1
  [[ $stderr == *CS255*"fax post"*--channel* ]]
  refused 4 association form receive R8-0001 fj-2-1
  [[ $stderr == *CS255*"fax post"* ]]
  [[ $(association custody --format json | jq '.custody | length') -eq 0 ]]
  association do R8-0001 request.submitted --received fj-2-1 --channel post
  association show R8-0001 --format json | jq -e '[.transmissions[].channel] == ["post"]'
  association verify
}

@test "at a terminal it is asked, and nothing said is nothing done" {
  command -v script >/dev/null || skip "no script(1) here"
  make_untold
  for words in 'do R8-0001 request.submitted --received fj-2-1' 'form receive R8-0001 fj-2-1'; do
    run script -qec "renkei --db association.db --clock $now $words" /dev/null <<<""
    [[ $status -eq 4 && $output == *"fax post"*"By which"* ]]
    [[ $(association custody --format json | jq '.custody | length') -eq 0 ]]
  done
  run script -qec "renkei --db association.db --clock $now --request-id r1 do R8-0001 request.submitted --received fj-2-1" /dev/null <<<"post"
  [[ $status -eq 0 && $output == *"By which"* ]]
  association show R8-0001 --format json | jq -e '[.transmissions[].channel] == ["post"]'
  # Whoever did not hear the answer gets it, and is asked nothing.
  run --separate-stderr association --request-id r1 do R8-0001 request.submitted --received fj-2-1
  [[ $status -eq 0 && $output == *received* ]]
  association verify
}
