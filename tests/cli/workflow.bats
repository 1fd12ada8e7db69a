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
  run --separate-stderr renkei workflow test --coverage "$RENKEI_DATADIR/workflows/"
  echo "$output"
  [[ $status -eq 0 && $stderr == *"100 %"* ]]
}

@test "the 25 open points of the handbooks stand in the definitions, and no other than those listed" {
  local list=$RENKEI_SRCDIR/tests/expect/open-points.tsv
  renkei --format jsonl workflow check "$RENKEI_DATADIR/workflows" >points.jsonl
  jq -r '[(.file | sub(".*workflows/"; "")), .id] | @tsv' points.jsonl | sort >stand
  diff <(grep -v '^#' "$list" | cut -f2,3 | sort) stand
  [[ $(grep -o '^[0-9]*' "$list" | sort -un | tr '\n' ' ') == "$(seq -s ' ' 25) " ]]
  grep -v '^#' "$list" | while IFS=$'\t' read -r _ file id words; do
    jq -en --arg file "$file" --arg id "$id" --arg words "$words" \
      '[inputs | select((.file | endswith("/" + $file)) and .id == $id)
       | ($words | length > 0) and (.reading | contains($words)) and (.point | length > 0)] == [true]' points.jsonl >/dev/null ||
      { echo "$file $id: $words" && false; }
  done
}

@test "checking and installing show the open points with the reading taken" {
  run --separate-stderr renkei workflow check "$registration"
  [[ $status -eq 0 && $output == *"書式2-1 の原本は医療機関が保管する"* ]]
  renkei --db f.db -q init --office o --municipality fujisawa --roles association
  run --separate-stderr renkei --db f.db workflow install
  [[ $status -eq 0 && $output == *"書式2-1 の原本は医療機関が保管する"* ]]
  run --separate-stderr renkei --db f.db workflow install "$RENKEI_DATADIR/workflows/fujisawa/id-stop.scxml"
  [[ $output == *"退職など、利用しなくなったとき"* && $output != *"書式2-1 の原本"* ]]
  run --separate-stderr renkei --db f.db --format json workflow install
  jq -e '.installed | length > 0' <<<"$output"
}

@test "a transition that no test takes is named, and the tests do not cover" {
  cp "$RENKEI_DATADIR/workflows/fujisawa/vendor-briefing."* .
  run --separate-stderr renkei workflow test --coverage vendor-briefing.test.xml
  [[ $status -eq 0 && $stderr == *"100 %"* ]]
  sed -i 's|</scxml>|<state id="unreached"><transition event="never.heard" target="unreached"/></state></scxml>|' vendor-briefing.scxml
  run --separate-stderr renkei workflow test --coverage vendor-briefing.test.xml
  [[ $status -eq 1 && $output == *unreached*never.heard* && $stderr != *"100 %"* ]]
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
