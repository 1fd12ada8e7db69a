#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A consent that is withdrawn ends the sharing.
load cli
setup() {
  cli_setup
  make_clinic
  # One hour apart: the order in which it happened is seen.
  printf 'institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 昭和25年3月1日\n' >patient.txt
  key='例示クリニック / 例示 一郎 / 1950-03-01'
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0001 consent.explained
  clinic -q do R8-0001 consent.signed --received fj-1
}
state_of() { clinic register "$1" --format json | jq -r '.entries[0].state'; }

@test "the room stops with the consent, and is closed when the doctor has closed it" {
  clinic -q register room "$key" --set open --why 導入前に作成済み
  refused 4 clinic do R8-0001 room.closed
  clinic -q do R8-0001 consent.withdrawn
  [[ $(state_of consent) == withdrawn && $(state_of room) == close-requested ]]
  clinic show R8-0001 --format json | jq -e '.case.closed | not'
  clinic -q do R8-0001 room.closed
  [[ $(state_of room) == closed ]]
  clinic show R8-0001 --format json | jq -e '.case.closed'
  clinic verify
}

@test "without a room the case ends at once" {
  clinic -q do R8-0001 consent.withdrawn
  clinic show R8-0001 --format json | jq -e '.case.closed'
  [[ $(state_of consent) == withdrawn && $(state_of room) == null ]]
}

@test "afterwards nobody is invited and no room is made" {
  clinic -q register user_account '例示薬局 / 架空 静' --set active --why 導入前に発行済み
  clinic -q register user_account '例示クリニック / 架空 太郎' --set active --why 導入前に発行済み
  clinic -q register room "$key" --set open --why 導入前に作成済み
  cat patient.txt - >invited.txt <<<$'office = 例示薬局\nperson = 架空 静'
  clinic -q new fujisawa-room-invitation --values invited.txt
  clinic -q do R8-0002 participant.invited
  clinic -q do R8-0001 consent.withdrawn
  refused 4 clinic do R8-0002 participant.joined
  [[ $stderr == *consent* ]]
  clinic -q new fujisawa-room-invitation --values invited.txt
  refused 4 clinic do R8-0003 participant.invited
  cat patient.txt - >room.txt <<<'doctor = 架空 太郎'
  clinic -q new fujisawa-room-creation --values room.txt
  refused 4 clinic do R8-0004 consent.checked
}

@test "a room that was asked for and taken back holds up no undo of the consent" {
  clinic -q register user_account '例示クリニック / 架空 太郎' --set active --why 導入前に発行済み
  cat patient.txt - >room.txt <<<'doctor = 架空 太郎'
  clinic -q new fujisawa-room-creation --values room.txt
  clinic -q do R8-0002 consent.checked
  refused 4 clinic -y undo R8-0001 --why 別の患者さんだった
  [[ $stderr == *CS092*"renkei undo R8-0002"* ]]
  clinic -q -y undo R8-0002 --why 別の患者さんだった
  clinic -q -y undo R8-0001 --why 別の患者さんだった
  [[ $(state_of consent) != given ]]
  refused 4 clinic do R8-0002 consent.checked
  clinic verify
}

@test "the withdrawal of the wrong patient is taken back: the room is open again" {
  clinic -q register room "$key" --set open --why 導入前に作成済み
  clinic -q do R8-0001 consent.withdrawn
  clinic -q -y undo R8-0001 --why 別の患者さんだった
  [[ $(state_of consent) == given && $(state_of room) == open ]]
  clinic verify
}
