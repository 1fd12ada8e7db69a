#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2016,SC2154
# What those who write procedures use; none of it needs a database.
load cli
setup() {
  cli_setup
  registration=$RENKEI_DATADIR/workflows/fujisawa/member-registration.scxml
}

@test "a simulation that reaches the end says so last and ends with 0" {
  run --separate-stderr renkei workflow simulate "$registration" \
    --events request.faxed,member.confirmed,password.issued,association.notified,id.delivered
  [[ $status -eq 0 && ${lines[-1]} == "final: active" ]]
}

@test "one that waits names the states and ends with 1" {
  run --separate-stderr renkei workflow simulate "$registration" --events request.faxed
  [[ $status -eq 1 && ${lines[-1]} == "waiting: "*membership-check* ]]
  run --separate-stderr renkei --format json workflow simulate "$registration"
  [[ $status -eq 1 ]]
  jq -e '.waiting | contains("draft")' <<<"$output"
}

@test "a procedure expanded to plain SCXML goes the same way and holds no extension" {
  renkei workflow simulate --expand "$registration" >plain.scxml
  run grep -c urn:renkei plain.scxml
  [[ $output == 0 ]]
  renkei workflow check plain.scxml
  run --separate-stderr renkei workflow simulate plain.scxml \
    --events request.faxed,member.confirmed,password.issued,association.notified,id.delivered
  [[ $status -eq 0 && ${lines[-1]} == "final: active" ]]
}

@test "what has faults is not expanded, and expanding runs nothing" {
  printf '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="nowhere">\n<state id="a"/>\n</scxml>\n' >bad.scxml
  refused 6 renkei workflow simulate --expand bad.scxml
  [[ -z $output && $stderr == *bad.scxml:1:* ]]
  refused 2 renkei workflow simulate --expand --events request.faxed "$registration"
  [[ -z $output ]]
}

@test "a broken document is told with file, line, column and remedy" {
  printf '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="nowhere">\n<state id="a"/>\n</scxml>\n' >bad.scxml
  refused 6 renkei workflow check bad.scxml
  [[ $stderr =~ bad\.scxml:[0-9]+:[0-9]+:\ error\[[A-Z]{2}[0-9]{3}\]:\ .+ ]]
  refused 6 renkei workflow simulate bad.scxml
  run renkei workflow simulate no-such-file.scxml
  [[ $status -ne 0 ]]
}

@test "the shipped workflows and forms have no fault and pass their tests" {
  renkei workflow check "$RENKEI_DATADIR/workflows/" "$RENKEI_DATADIR/forms/"
  run --separate-stderr renkei workflow test "$RENKEI_DATADIR/workflows/"
  echo "$output"
  [[ $status -eq 0 && $output == *member-registration* ]]
}

@test "the graph is a Graphviz document" {
  run renkei workflow graph "$registration"
  [[ $status -eq 0 && ${lines[0]} == *digraph* ]]
}

@test "a simulation reads what it invokes from the document's own folder, and from nowhere else" {
  mkdir parts
  printf '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a"><final id="a"/></scxml>\n' >parts/child.scxml
  parent() {
    printf '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a"><state id="a">
<invoke src="%s"/><transition event="done.invoke" target="done"/><transition event="error" target="failed"/></state>
<final id="done"/><final id="failed"/></scxml>' "$1"
  }
  parent parts/child.scxml >parent.scxml
  [[ $(renkei workflow simulate parent.scxml | tail -1) == "final: done" ]]
  parent file:child.scxml >parts/parent.scxml
  [[ $(renkei workflow simulate parts/parent.scxml | tail -1) == "final: done" ]]
  mkdir deep
  for name in ../parts/child.scxml "$PWD/parts/child.scxml" missing.scxml http://example.invalid/child.scxml; do
    parent "$name" >deep/parent.scxml
    [[ $(renkei workflow simulate deep/parent.scxml | tail -1) == "final: failed" ]]
  done
}
