#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# An Individual Number gets nowhere into the database: not by a form, an answer, a remark, a register.
load cli
setup() {
  cli_setup
  make_association
  number=123456789018
}
absent() {
  run grep -c "$number" association.db association.db-wal
  [[ $output != *":"[1-9]* ]]
}

@test "wherever somebody types, it is refused with the place and never repeated" {
  refused 4 association new fujisawa-member-registration --set institution="診療所 $number"
  [[ $stderr == *Institution:* ]]
  open_case association
  for words in "$number" "1234-5678-9018" "１２３４５６７８９０１８"; do
    refused 4 association note R8-0001 "番号は $words"
    [[ $stderr == *CS110* && $stderr != *"$words"* ]]
  done
  refused 4 association register institution 例示クリニック --set registered --why "本人の番号 $number"
  refused 4 association register institution "例示 $number" --set registered --why 電話
  refused 4 association config set association.fax "$number"
  refused 4 association operator add hanako --name "例示 $number" --roles association
  refused 4 association calendar close 2026-12-29 "休み $number"
  association -q do R8-0001 request.faxed --received fj-2-1,fj-3
  refused 4 association -y undo R8-0001 --why "番号 $number"
  absent
  [[ $(association log --format json | jq '[.journal[] | select(.kind == "note")] | length') -eq 0 ]]
}

@test "whatever stands between its digits, and beside them" {
  open_case association
  for words in $'1234\u20105678\u20109018' $'1234\u22125678\u22129018' '1234ー5678ー9018' '1234/5678/9018' \
    $'1234\t5678\t9018' '1234  5678  9018' $'1234\n5678\n9018' $'1234\u200b5678\u200b9018' \
    "$number 0466-00-0000" "2026-04-01 $number"; do
    refused 4 association note R8-0001 "$words"
    [[ $stderr == *CS110* ]]
  done
  association -q note R8-0001 "JAN 1234567890180、2026-04-01 10:30 0466-00-0000"
}

@test "nor in what nobody takes for a text: a name, a setting, a way, a request" {
  refused 4 association operator add "$number" --name 花子 --roles association
  refused 4 association office add "$number" --municipality fujisawa --roles association --operator jiro
  refused 4 association config set "$number" x
  refused 4 association contact set association 例示 "$number"
  refused 4 association register institution 例示 --set registered --why 電話 --field "$number=x"
  open_case association
  refused 4 association do R8-0001 request.faxed --received fj-2-1,fj-3 --channel "$number"
  refused 4 association do R8-0001 request.faxed --received fj-2-1,fj-3 --evidence "$number"
  refused 4 association note R8-0001 電話 --request-id "$number"
  refused 4 association config set fax.number 1 --request-id "$number"
  refused 4 renkei --db other.db init --office "$number" --municipality fujisawa --roles association --exercise
  absent
  association -q note R8-0001 電話 --request-id 3f2a9c10-1234-4678-9018-123456789018
}

@test "the reason says what the number is, and not the number" {
  open_case association
  for reason in ' ' '' 　 "$number" "送り状 1234-5678-9018"; do
    refused 6 association note R8-0001 "荷物 $number" --not-my-number "$reason"
    [[ $stderr == *CS233* && $stderr != *9018* ]]
  done
  absent
}

@test "in a form the field is named" {
  make_clinic
  open_case clinic
  request_text | sed "s/^inst_address = .*/inst_address = 例示町 $number/" >paper.txt
  refused 4 clinic form fill R8-0001 fj-2-1 paper.txt
  [[ $stderr == *住所* ]]
}

@test "another number of twelve digits is taken when the clerk says which it is, and that is kept" {
  open_case association
  association -q note R8-0001 "荷物 $number" --not-my-number 送り状の番号
  association log R8-0001 --format json | jq -e '.journal[-1].why | contains("送り状の番号")'
  association verify
}
