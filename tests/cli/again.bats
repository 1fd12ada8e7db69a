#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2030,SC2031,SC2154
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

# first ID WORD…: done. other ID WORD…: the same id for something else is refused, and changes nothing.
first() { clinic -q --request-id "$@"; }
entries() { clinic log --format json | jq '.journal | length'; }
other() {
  local before
  before=$(entries)
  refused 5 clinic --request-id "$@"
  [[ $stderr == *CS137* && -z $output ]]
  [[ $(entries) -eq $before ]]
}

@test "an id that served for one request is refused for another to a case" {
  first A note R8-0001 一つ目
  other A note R8-0001 二つ目
  other A do R8-0001 consent.refused
  other A new fujisawa-patient-consent --values patient.txt
  other A -y undo R8-0001 --why 誤り
  first B new fujisawa-patient-consent --values patient.txt
  sed s/25年/26年/ patient.txt >another.txt
  other B new fujisawa-patient-consent --values another.txt
  first C -y undo R8-0001 --why 誤り
  other C -y undo R8-0001 --why 別の誤り
  other C -y undo R8-0002 --why 誤り
  clinic verify
}

@test "an id that served for one request is refused for another to the office" {
  first A note R8-0001 一つ目
  other A operator add "$(id -un 2)" --roles member_institution
  other A dispose hold R8-0001 --why 開示請求中
  other A disclose open --person person.txt --due 2026-05-01
  first B operator add "$(id -un 2)" --roles member_institution
  other B operator add "$(id -un 3)" --roles member_institution
  other B operator stop "$(id -un 2)"
  other B note R8-0001 二つ目
  first C dispose hold R8-0001 --why 開示請求中
  other C dispose hold R8-0001 --why 別の理由
  other C dispose release R8-0001 --why 開示請求中
  first D disclose open --person person.txt --due 2026-05-01
  other D disclose open --person person.txt --due 2026-05-02
  first E config set association.fax 0466-00-0000
  other E config set association.fax 0466-00-0001
  first F contact set association 0466-00-0000
  other F contact set association 0466-00-0001
  first G register institution 例示会 --set registered --why 導入前に登録済み
  other G register institution 別の例示会 --set registered --why 導入前に登録済み
  first H office add kita --municipality fujisawa --roles member_institution --operator "$(id -un 2)"
  other H office add kita --municipality fujisawa --roles member_institution --operator "$(id -un 3)"
  clinic verify
}

@test "a request is the same at another time, and of the same day as it was said then" {
  twice r1 note R8-0001 電話で確認
  at 2026-04-01T09:00
  printf 'institution = 例示クリニック\npatient = 例示 二郎\nbirth_date = 昭和30年4月2日\n' >second.txt
  twice r2 new fujisawa-patient-consent --values second.txt
  at 2026-04-01T09:00
  twice r3 do R8-0001 consent.refused --on 2026-04-01 --evidence phone --why 本人の意思
  at 2026-04-01T09:00
  twice r4 operator change "$(id -un 1)" --name 例示職員
  at 2026-04-01T09:00
  twice r5 contact set association 0466-00-0000
  at 2026-04-01T09:00
  twice r6 register institution 例示会 --set registered --why 導入前に登録済み
  at 2026-04-01T09:00
  twice r7 -y undo R8-0001 --why 誤り
  at 2026-04-01T09:00
  twice r8 checkpoint
  clinic verify
}

@test "whoever is no operator any more gets no answer, and that is noted" {
  local second
  second=$(id -un 1)
  SUDO_UID=1 first n1 new fujisawa-patient-consent --values patient.txt
  SUDO_UID=1 first n2 note R8-0002 電話で確認
  SUDO_UID=1 first n3 do R8-0002 consent.explained
  SUDO_UID=1 first n4 -y undo R8-0002 --why 誤り
  clinic -q operator stop "$second"
  # Stopped, and somebody who never was one.
  for uid in 1 2; do
    SUDO_UID=$uid refused 4 clinic --request-id n1 new fujisawa-patient-consent --values patient.txt
    [[ -z $output && $stderr != *R8-0002* ]]
    SUDO_UID=$uid refused 4 clinic --request-id n2 note R8-0002 電話で確認
    SUDO_UID=$uid refused 4 clinic --request-id n3 do R8-0002 consent.explained
    SUDO_UID=$uid refused 4 clinic --request-id n4 -y undo R8-0002 --why 誤り
    [[ -z $output ]]
  done
  for who in "$second" "$(id -un 2)"; do
    read -r -d '' actions < <(sqlite3 clinic.db "SELECT action FROM access_log WHERE operator = '$who' AND result = '4' ORDER BY seq") || true
    [[ $actions == *opened* && $actions == *note* && $actions == *consent.explained* && $actions == *undo* ]]
  done
  # An operator who asks with another's id is not told of it.
  other n2 note R8-0002 電話で確認
}

@test "each file received has a request of its own, wherever it stands among the others" {
  clinic -q form print R8-0001 fj-1 -o b.tiff
  clinic -q form blank fj-1 -o a.tiff
  run --separate-stderr clinic --request-id job7 receive b.tiff
  [[ $status -eq 0 ]]
  run --separate-stderr clinic --request-id job7 receive a.tiff b.tiff
  [[ $status -eq 7 ]]
  [[ $(clinic --format json tray list | jq '.tray | length') -gt 0 ]]
  read -ra ids < <(clinic --format json tray list | jq -r '[.tray[].id] | join(" ")')
  first m tray match "${ids[0]}" R8-0001 fj-1
  other m tray match "${ids[1]}" R8-0001 fj-1
  other m -y tray reject "${ids[1]}" --why 白紙の様式
  clinic verify
}

# no ID: what the list called this event.
no() { clinic --format json do R8-0001 | jq -r ".next[] | select(.event == \"$1\") | .no"; }

@test "an event that was named by its number in the list is the same after it has happened" {
  number=$(no consent.refused)
  [[ $number -gt 0 ]]
  twice r1 do R8-0001 "$number" --why 本人の意思
  # So it is by its name; another number, or other words with it, are another request.
  run clinic --request-id r1 do R8-0001 consent.refused --why 本人の意思
  [[ $status -eq 0 ]]
  other r1 do R8-0001 consent.refused --why 別の意思
  run clinic --request-id r1 do R8-0001 $((number + 1)) --why 本人の意思
  [[ $status -ne 0 ]]
  run clinic --request-id r2 do R8-0001 "$number" --why 本人の意思
  [[ $status -ne 0 ]]
  clinic verify
}

@test "what was asked for at the terminal is not asked for again" {
  command -v script >/dev/null || skip "no script(1) here"
  clinic -q do R8-0001 consent.signed --received fj-1
  clinic -q register user_account '例示クリニック / 架空 太郎' --set active --why 導入前に発行済み
  cat patient.txt - >room.txt <<<'doctor = 架空 太郎'
  clinic -q new fujisawa-room-creation --values room.txt
  clinic -q do R8-0002 consent.checked
  clinic -q do R8-0002 officer.named --set officer=- <<<'架空 太郎'
  words="renkei --db '$BATS_TEST_TMPDIR/clinic.db' --clock $now --request-id r1"
  run script -qec "$words do R8-0002 room.created --set service_office=例示訪問看護" /dev/null <<<$'藤沢市例示町 9-9\ny'
  echo "$output"
  [[ $status -eq 0 && $output == *"Patient's address"* ]]
  before=$(entries)
  run script -qec "$words do R8-0002 room.created --set service_office=例示訪問看護" /dev/null </dev/null
  echo "$output"
  [[ $status -eq 0 && $output == *Recorded* && $output != *"Patient's address"* ]]
  [[ $(entries) -eq $before ]]
  other r1 do R8-0002 room.created --set service_office=別の訪問看護
  # Nobody else hears it.
  SUDO_UID=1 other r1 do R8-0002 room.created --set service_office=例示訪問看護
  clinic verify
}
