#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Whoever did not hear the answer asks again with the same request id, and gets the first one.
load cli
setup() {
  cli_setup
  make_clinic
  clinic -q operator add "$(id -un 1)" --roles member_institution
  printf 'institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 昭和25年3月1日\n' >patient.txt
  printf '例示 一郎' >person.txt
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0001 consent.explained
}

# twice ID WORD…: the same, asked for twice; what it answered in $output.
twice() {
  local id=$1
  shift
  run --separate-stderr clinic --request-id "$id" "$@"
  [[ $status -eq 0 ]] || { echo "$stderr"; false; }
  local first=$output said=$stderr entries
  entries=$(clinic log --format json | jq '.journal | length')
  at 2032-06-01T09:00
  run --separate-stderr clinic --request-id "$id" "$@"
  echo "$status $output $stderr"
  [[ $status -eq 0 && $output == "$first" && $stderr == "$said" ]]
  [[ $(clinic log --format json | jq '.journal | length') -eq $entries ]]
}

@test "a disclosure has one number, and is answered and refused once" {
  twice r1 disclose open --person person.txt --due 2026-05-01
  at 2026-04-01T09:00
  twice r2 disclose answer "$output" -o answer
  at 2026-04-01T09:00
  twice r3 disclose open --person person.txt --due 2026-05-01
  at 2026-04-01T09:00
  twice r4 disclose refuse "$output" --why 著しい支障
  [[ $(clinic disclose list --all --format json | jq '.disclosures | length') -eq 2 ]]
  clinic verify
}

@test "two disclosures of a day have two numbers, whatever their request ids" {
  # The hashes of these two begin with the same digits.
  first=$(clinic -q --request-id day-77 disclose open --person person.txt --due 2026-05-01)
  second=$(clinic -q --request-id day-450 disclose open --person person.txt --due 2026-05-01)
  [[ $first == K-20260401-68dc && $second == K-20260401-5dc6 ]]
}

@test "a disposal is proposed, approved, withdrawn and carried out once" {
  clinic -q do R8-0001 consent.refused --why 本人の意思
  clinic -q config set retention.fujisawa-patient-consent P5Y
  at 2032-04-01T09:00
  twice r1 dispose propose R8-0001
  id=$output
  at 2032-04-01T09:00
  twice r2 dispose withdraw "$id" --why 誤り
  at 2032-04-01T09:00
  twice r3 dispose propose R8-0001
  id=$output
  at 2032-04-01T09:00
  SUDO_UID=1 twice r4 dispose approve "$id"
  at 2032-05-01T09:00
  twice r5 -y dispose run "$id"
  clinic verify
}

@test "an office that was added by this request is not in its own way" {
  twice r1 office add kita --municipality fujisawa --roles member_institution --operator "$(id -un 2)"
  refused 5 clinic --request-id r2 office add kita --municipality fujisawa --roles member_institution --operator "$(id -un 2)"
  clinic verify
}

@test "a file whose pages wait in the tray says so again, and a page is matched and rejected once" {
  clinic -q form blank fj-1 -o blank.tiff
  for _ in 1 2; do
    run --separate-stderr clinic --request-id r1 receive blank.tiff
    [[ $status -eq 7 ]]
  done
  read -ra ids < <(clinic --format json tray list | jq -r '[.tray[].id] | join(" ")')
  twice r2 tray match "${ids[0]}" R8-0001 fj-1
  at 2026-04-01T09:00
  twice r3 -y tray reject "${ids[1]}" --why 白紙の様式
  clinic verify
}
