#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A person asks for what is held: the right one, all of it, nobody else's.
load cli
setup() {
  cli_setup
  make_clinic
  open_case clinic
  prepare_papers
  clinic -q do R8-0001 request.faxed
  for birth in 昭和22年5月9日 昭和30年1月2日; do
    printf 'institution = 例示クリニック\npatient = 療養 一郎\nbirth_date = %s\n' "$birth" | clinic -q new fujisawa-patient-consent --values -
  done
  clinic -q do R8-0002 consent.explained
  clinic -q note R8-0002 '療養一郎さんのご家族から電話'
}
find_person() { printf '%s' "$1" | clinic --format json disclose find "${@:2}"; }

@test "namesakes are told apart by birth date; the name is folded as in a search" {
  find_person '療養　一郎' | jq -e '[.persons[] | select(.name == "療養 一郎") | .birth] | sort == ["1947-05-09", "1955-01-02"]'
  find_person 'かくうたろう' | jq -e '.persons | length > 0 and all(.name == "カクウ タロウ")'
  find_person 療養一郎 --register consent | jq -e '.persons | length == 1 and .[0].birth == "1947-05-09" and .[0].where == "consent, R8-0002"'
  find_person 居ない人 | jq -e '.persons == []'
  # The name may come from a file, too, but not from the command line.
  echo 療養一郎 >person.txt
  clinic disclose find --person person.txt --format json | jq -e '.persons | length == 2'
  refused 2 clinic disclose find 療養一郎
}

@test "everything of the one who asks is in the answer, and nothing of the namesake" {
  printf 療養一郎 >person.txt
  choice=$(clinic --format json disclose find --person person.txt | jq -r '[.persons[] | select(.birth != "1955-01-02") | .no] | join(",")')
  id=$(clinic -q disclose open --person person.txt --choose "$choice" --due 2026-05-01)
  at 2026-04-02T09:00
  clinic -q disclose answer "$id" -o out
  [[ $(stat -c %a out) == 700 && -z $(find out -type f ! -perm 600) ]]
  (cd out && sha256sum --quiet -c SHA256SUMS)
  jq -e '[.rows[] | select(.case == "R8-0002") | .value] | index("療養 一郎") and index("療養一郎さんのご家族から電話")' out/held.json
  jq -e 'any(.rows[]; .where == "consent" and .value == "1947-05-09")' out/held.json
  run ! grep -r 'R8-0003\|1955\|昭和30' out
  run ! grep -rE 'src=|https?://|<script' out/index.html
  # Who looked at the case: this very reading is noted, too.
  clinic -q show R8-0002 >show.txt
  jq -e '[.rows[].action] | all(. != null)' out/accesses.json
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM access_log WHERE action = 'disclose answer' AND detail = '$id'") == 1 ]]
}

@test "of a table only the own row; to whom papers went stands there with the way" {
  printf '架空 花子' >person.txt
  id=$(clinic -q disclose open --person person.txt --due 2026-05-01)
  clinic -q disclose answer "$id" -o out.tar
  mkdir out && tar -C out -xf out.tar
  jq -e '[.rows[].value] | index("架空 花子") and index("nurse") and (index("架空 太郎") | not)' out/held.json
  run ! grep -r '架空 太郎\|doctor' out
  jq -e '.rows | length == 2 and all(.case == "R8-0001" and .channel == "FAX" or .channel == "fax")' out/provided.json
}

@test "a request has a day and is seen in today's work until it is answered or refused" {
  printf '架空 花子' >person.txt
  refused 6 clinic disclose open --person person.txt
  [[ $stderr == *CS142* ]]
  refused 6 clinic disclose open --person person.txt --due 三日後
  clinic -q config set disclosure.period P30D
  id=$(clinic -q disclose open --person person.txt)
  clinic --format json | jq -e --arg id "$id" '.disclosures | length == 1 and .[0].id == $id and .[0].due == "2026-05-01T15:00:00Z" and (.[0].overdue | not)'
  at 2026-05-02T00:00
  clinic --format json disclose list | jq -e '.disclosures[0].overdue'
  clinic -q disclose answer "$id" -o out
  clinic --format json | jq -e '.disclosures == []'
  clinic --format json disclose list --all | jq -e '.disclosures[0].state == "answered"'
  refused 4 clinic disclose answer "$id" -o again
  second=$(clinic -q disclose open --person person.txt)
  refused 6 clinic disclose refuse "$second"
  clinic -q disclose refuse "$second" --why 業務の適正な実施に著しい支障
  refused 4 clinic disclose answer "$second" -o again
  refused 3 clinic disclose answer K-20260401-0000 -o again
  [[ ! -e again ]]
  clinic log --format json | jq -e 'any(.journal[]; .kind == "note" and (.why | contains("著しい支障")))'
}

@test "where several are found one must be chosen; nothing is replaced; strangers learn nothing" {
  printf 療養一郎 >person.txt
  refused 6 clinic disclose open --person person.txt --due 2026-05-01
  [[ $stderr == *CS141* ]]
  for choice in 0 9 x ''; do refused 6 clinic disclose open --person person.txt --due 2026-05-01 --choose "$choice"; done
  printf 居ない人 >nobody
  refused 3 clinic disclose open --person nobody --due 2026-05-01
  printf ' ' >nobody
  refused 6 clinic disclose open --person nobody --due 2026-05-01
  id=$(clinic -q disclose open --person person.txt --due 2026-05-01 --choose 1)
  mkdir there
  refused 5 clinic disclose answer "$id" -o there
  refused 2 clinic disclose answer "$id"
  clinic --format json disclose list | jq -e '.disclosures[0].state == "requested"'
  SUDO_UID=1 refused 4 clinic disclose find --person person.txt
  # What the request keeps says nothing about who it is.
  run ! grep -a 療養 <(sqlite3 clinic.db "SELECT fields FROM register_history WHERE name = 'disclosure'")
}

# Two who are called almost the same, in two procedures each.
make_city() {
  city() { renkei --db "$BATS_TEST_TMPDIR/city.db" --clock "$now" "$@"; }
  city -q init --office example-city --municipality mito --roles user_office --exercise
  for name in '例示 一郎' '例示 一郎太'; do
    for procedure in mito-consent mito-room-creation; do
      printf 'institution = 例示クリニック\npatient = %s\nbirth_date = 1950-03-01\n' "$name" | city -q new "$procedure" --values -
    done
  done
  printf 'patient_name_kana = レイジ イチロウ\nbirth_date = 昭和25年3月1日\ncare_insurance_number = 0000000001\n' | city -q form fill R8-0001 mt-5 -
  city -q note R8-0002 '名前のない覚え書き'
  city -q note R8-0004 'ほかの人の覚え書き'
}

@test "who is meant is told by the marks of forms and procedures, and all of that person's is found" {
  make_city
  # By a number that stands in one paper only: everything of the person, under any name and in any case.
  for text in 0000000001 'レイジ イチロウ'; do
    printf '%s' "$text" | city disclose find --format json | jq -e '.persons | length == 1 and (.[0] |
      .birth == "1950-03-01" and .insurance == "0000000001" and .where == "R8-0001, R8-0002")'
  done
  printf '例示 一郎' | city disclose find --format json |
    jq -e '[.persons[] | [.name, .where]] == [["例示 一郎", "R8-0001, R8-0002"], ["例示 一郎太", "R8-0003, R8-0004"]]'
  printf 0000000001 >person.txt
  id=$(city -q disclose open --person person.txt --due 2026-05-01)
  city -q disclose answer "$id" -o out
  jq -e '[.rows[].value] | index("例示 一郎") and index("レイジ イチロウ") and index("0000000001") and index("名前のない覚え書き")' out/held.json
  run ! grep -rE '例示 一郎太|ほかの人|R8-000[34]' out
  # Somebody who only stands in the person's papers is not that person.
  printf 例示クリニック >person.txt
  city disclose find --person person.txt --format json | jq -e '.persons | all(.birth == null)'
}

@test "two people in one case are kept apart" {
  make_city
  printf 'patient_name = 取違 花子\nbirth_date = 1960-01-02\ncare_insurance_number = 0000000002\n' | city -q form fill R8-0002 mt-6 -
  printf '取違 花子' >person.txt
  id=$(city -q disclose open --person person.txt --due 2026-05-01)
  city -q disclose answer "$id" -o out
  jq -e '[.rows[].value] | index("取違 花子") and (index("例示 一郎") | not) and (index("名前のない覚え書き") | not)' out/held.json
}

@test "pages that came belong to the answer, typed in or not; those of others do not" {
  make_city
  for number in 1 3; do
    city -q do "R8-000$number" consent.explained
    city -q -y form print "R8-000$number" mt-5 -o "page$number.tiff"
    city -q receive "page$number.tiff" || [[ $? -eq 7 ]]
    for page in $(city --format json tray list | jq -r '.tray[].id'); do
      city -q tray match "$page" "R8-000$number" mt-5
    done
  done
  mine=$(sqlite3 city.db "SELECT group_concat(p.id, ' ') FROM picture p JOIN case_record c ON c.id = p.case_id WHERE c.number = 'R8-0001'")
  other=$(sqlite3 city.db "SELECT group_concat(p.id, ' ') FROM picture p JOIN case_record c ON c.id = p.case_id WHERE c.number = 'R8-0003'")
  [[ -n $mine && -n $other ]]
  for name in '例示 一郎' '例示 一郎太'; do
    printf '%s' "$name" >person.txt
    number=$(city disclose find --person person.txt --format json | jq --arg name "$name" '.persons[] | select(.name == $name) | .no')
    id=$(city -q disclose open --person person.txt --choose "$number" --due 2026-05-01)
    city -q disclose answer "$id" -o "out $name"
    (cd "out $name/received" && printf '%s\n' *.png) >pages
    [[ $(paste -sd' ' pages) == "${mine// /.png }.png" ]]
    mine=$other
  done
}
