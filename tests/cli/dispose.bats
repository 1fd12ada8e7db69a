#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2030,SC2031,SC2154
# What is kept no longer goes: by two persons, without a trace, with a certificate.
load cli

# What these cases hold of persons.
values=(鬼頭慧太 '鬼頭 慧太' 1947-05-09 医療法人例示会 イリョウホウジンレイジカイ 'カクウ タロウ' 'カクウタロウ' '架空 太郎' 架空太郎
  '架空 花子' info@clinic.example 例示クリニック レイジクリニック ご家族から電話)

setup() {
  cli_setup
  make_clinic
  clinic -q operator add daemon --name 例示職員 --roles member_institution
  clinic -q config set retention.fujisawa-patient-consent P5Y
  clinic -q config set retention.fujisawa-member-registration 'P5Y fiscal-year'
}

other() { SUDO_UID=1 clinic "$@"; }

# Two closed cases: a registration that went out by FAX and was denied, a consent that was refused.
closed_cases() {
  open_case clinic
  prepare_papers
  clinic -q do R8-0001 request.faxed
  clinic -q -y outbox run --folder fax
  clinic outbox list --format json | jq -r '.outbox[].id' | while read -r id; do clinic -q outbox confirm "$id"; done
  clinic -q do R8-0001 member.denied
  printf 'institution = 例示クリニック\npatient = 鬼頭 慧太\nbirth_date = 昭和22年5月9日\n' |
    clinic -q new fujisawa-patient-consent --values -
  clinic -q do R8-0002 consent.explained
  clinic -q note R8-0002 '鬼頭 慧太さんのご家族から電話'
  clinic -q do R8-0002 consent.refused --why 鬼頭慧太さんの意思 --evidence '架空 花子からの電話'
}

# approved WORD…: proposed, approved, and the waiting time over.
approved() {
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose "$@")
  other -q dispose approve "$id"
  at 2032-04-15T09:00
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

# Every value in every writing: UTF-8, UTF-16, the escapes of JSON.
patterns() {
  local value escaped
  for value in "${values[@]}"; do
    escaped=$(printf '%s' "$value" | jq -Rsa . | tr -d '"')
    printf '%s' "$value" | hex && echo
    printf '%s' "$escaped" | hex && echo
    printf '%s' "$escaped" | sed 's/\\u\(....\)/\\u\U\1/g' | hex && echo
    printf '%s' "$value" | iconv -t UTF-16LE | hex && echo
    printf '%s' "$value" | iconv -t UTF-16BE | hex && echo
  done | sort -u >"$BATS_TEST_TMPDIR.patterns"
}

# traces FOLDER: the files in which one of the values is found, and what was found, in hex.
traces() {
  local file
  [[ -e $BATS_TEST_TMPDIR.patterns ]] || patterns
  find "$1" -type f | while read -r file; do
    hex <"$file" | grep -oFf "$BATS_TEST_TMPDIR.patterns" | sort -u | sed "s#^#$file: #"
  done
}

@test "after it no value is found anywhere: not in the file, the log, the folder of the FAX program" {
  closed_cases
  mkdir -m 700 copies
  clinic -q db backup --to copies
  found=$(traces . | sort -u)
  for value in "${values[@]}"; do [[ $found == *$(printf '%s' "$value" | hex)* ]] || { echo "not seen: $value"; false; }; done
  [[ $(find fax -type f | wc -l) -gt 1 ]]
  clinic config set retention.fujisawa-member-registration P5Y -q
  approved R8-0001 R8-0002
  run --separate-stderr clinic -y --format json dispose run "$id"
  echo "$stderr"
  [[ $status -eq 0 ]]
  jq -e '.cases | length == 2 and all(.outcome != null and .first < .last and (.head | length) == 64)' <<<"$output"
  # A copy from before still holds it, and the certificate says which.
  jq -e '.backups | length == 1' <<<"$output"
  [[ $(traces . | cut -d: -f1 | sort -u) == ./copies/* ]]
  rm -r copies
  [[ -z $(traces .) ]]
  [[ -z $(find fax -type f) ]]
  clinic dispose show "$id" -o certificate.html
  [[ -z $(traces .) ]]
  grep -q "$id" certificate.html
  clinic --format json verify | jq -e 'all(.checks[]; .result == "ok") and any(.checks[]; .count == 2)'
}

@test "the number, the times and the headers stay; nothing more can be done with the case" {
  closed_cases
  approved R8-0002
  clinic -q -y dispose run "$id"
  refused 4 clinic show R8-0002
  [[ $stderr == *"$id"* && $stderr == *2032-04-15* ]]
  for command in 'undo R8-0002 --why x' 'do R8-0002' 'export R8-0002 -o out' 'note R8-0002 x' 'dispose propose R8-0002'; do
    # shellcheck disable=SC2086
    refused 4 clinic -y $command
  done
  clinic log R8-0002 --format json | jq -e '.journal | length == 5 and .[-1].kind == "disposed" and all(.why == null)'
  clinic list --all --format json | jq -e '.cases[] | select(.number == "R8-0002") | .label == null'
  [[ $(clinic search 鬼頭 --format json | jq '.cases | length') -eq 0 ]]
  # The other case is untouched, and new ones get the next number.
  clinic show R8-0001 --format json | jq -e '.case.closed'
  [[ $(clinic -q new fujisawa-member-registration --set institution=別の例示クリニック) == R14-0001 ]]
  clinic verify
}

@test "the same person cannot approve; nobody can hurry; each step only in its order" {
  closed_cases
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose R8-0002)
  refused 4 clinic dispose approve "$id"
  refused 4 clinic -y dispose run "$id"
  other -q dispose approve "$id"
  refused 4 other dispose approve "$id"
  at 2032-04-14T23:59
  refused 4 clinic -y dispose run "$id"
  [[ $stderr == *2032-04-15* ]]
  refused 2 clinic --no-input dispose run "$id"
  refused 6 clinic dispose withdraw "$id"
  clinic -q dispose withdraw "$id" --why 訴訟の予定
  at 2032-04-20T09:00
  refused 4 clinic -y dispose run "$id"
  refused 3 clinic dispose approve D-20320401-0000
  # A stranger neither.
  SUDO_UID=2 refused 4 clinic dispose list
  clinic show R8-0002 --format json | jq -e '.case.closed'
}

@test "the waiting time is a setting" {
  closed_cases
  for period in P0D soon 'P1Y fiscal-year'; do refused 6 clinic config set dispose.wait "$period"; done
  refused 6 clinic config set retention.fujisawa-member-registration never
  clinic -q config set dispose.wait P1D
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose R8-0002)
  other -q dispose approve "$id"
  at 2032-04-02T00:00
  clinic -q -y dispose run "$id"
}

@test "what must stay stays: no period, too early, open, held, unsettled, linked" {
  closed_cases
  open_case clinic
  at 2031-04-01T09:00
  refused 4 clinic dispose propose R8-0002
  [[ $stderr == *2031-04-02* ]]
  at 2031-04-02T00:00
  clinic dispose list --format json | jq -e '[.due[].number] == ["R8-0002"]'
  # Counted from the first of April after the closing on the first of April.
  clinic dispose list --all --format json | jq -e '.due[] | select(.number == "R8-0001") | .due_from == "2032-04-01" and (.possible | not)'
  refused 4 clinic dispose propose R8-0003
  clinic -q dispose hold R8-0002 --why 開示請求中
  refused 4 clinic dispose propose R8-0002
  [[ $stderr == *CS123* ]]
  clinic -q dispose release R8-0002 --why 開示済み
  refused 6 clinic -q config set retention.fujisawa-patient-consent 五年
  clinic -q config set retention.fujisawa-patient-consent P5Y
  id=$(clinic -q dispose propose R8-0002)
  refused 4 clinic dispose propose R8-0002
  [[ $stderr == *"$id"* ]]
  # A hold that comes after the approval stops it all the same.
  other -q dispose approve "$id"
  other -q dispose hold R8-0002 --why 監査
  at 2031-05-01T09:00
  refused 4 clinic -y dispose run "$id"
  clinic show R8-0002 --format json | jq -e '.case.closed'
}

@test "a paper whose arrival is not settled keeps its case" {
  open_case clinic
  prepare_papers
  clinic -q do R8-0001 request.faxed
  clinic -q do R8-0001 member.denied
  at 2032-04-01T09:00
  refused 4 clinic dispose propose R8-0001
  [[ $stderr == *CS125* ]]
}

@test "nothing is due where neither handbook nor office says a period" {
  closed_cases
  at 2099-01-01T09:00
  clinic -q config set retention.fujisawa-patient-consent --forget
  clinic dispose list --format json | jq -e '[.due[].number] == ["R8-0001"]'
  refused 4 clinic dispose propose R8-0002
  [[ $stderr == *CS126* ]]
}

@test "what another case says, too, stays in the register; what only this one said goes" {
  closed_cases
  # A second case writes the same entry of the register.
  printf 'institution = 例示クリニック\npatient = 鬼頭 慧太\nbirth_date = 昭和22年5月9日\n' |
    clinic -q new fujisawa-patient-consent --values -
  clinic -q do R8-0003 consent.explained
  approved R8-0002
  clinic -q -y dispose run "$id"
  clinic register consent --format json | jq -e '.entries | length == 1 and .[0].state == "explained"'
  clinic verify
  clinic -q do R8-0003 consent.refused
  approved R8-0001
  clinic -q -y dispose run "$id"
  at 2037-05-01T09:00
  third=$(clinic -q dispose propose R8-0003)
  other -q dispose approve "$third"
  at 2037-06-01T09:00
  clinic -q -y dispose run "$third"
  clinic register consent --format json | jq -e '.entries == []'
  clinic verify
  [[ -z $(traces .) ]]
}

@test "somebody who takes more than the disposal did is found out" {
  closed_cases
  printf 'institution = 例示クリニック\npatient = 鬼頭 慧太\nbirth_date = 昭和22年5月9日\n' |
    clinic -q new fujisawa-patient-consent --values -
  clinic -q do R8-0003 consent.explained
  # The triggers let nothing go that no disposal names.
  run ! sqlite3 clinic.db "DELETE FROM journal_body WHERE seq = 20"
  run ! sqlite3 clinic.db "DELETE FROM register_history WHERE name = 'consent'"
  run ! sqlite3 clinic.db "INSERT INTO disposal SELECT office, id, 20 FROM case_record WHERE number = 'R8-0001'"
  approved R8-0002
  clinic -q -y dispose run "$id"
  clinic -q verify
  cp clinic.db good.db
  drop='DROP TRIGGER body_no_delete; DROP TRIGGER history_no_delete; DROP TRIGGER history_no_update; DROP TRIGGER disposal_no_delete;'
  for change in "DELETE FROM journal_body WHERE seq = 20" \
    "UPDATE register_history SET fields = '{\"x\":\"y\"}' WHERE case_id = (SELECT id FROM case_record WHERE number = 'R8-0002')" \
    "DELETE FROM disposal" "UPDATE case_record SET label = 'x' WHERE number = 'R8-0002'"; do
    cp good.db clinic.db
    rm -f clinic.db-wal clinic.db-shm
    sqlite3 clinic.db "$drop $change"
    run clinic verify
    echo "$change: $status $output"
    [[ $status -ne 0 ]]
  done
}

@test "killed at any write, it is finished by the next run" {
  closed_cases
  approved R8-0001 R8-0002
  mkdir ../kept
  cp -r clinic.db* fax ../kept
  report=$BATS_TEST_TMPDIR/../report
  killed() { # killed CALL HOW
    truncate -s 0 "$report" && truncate -s 64 "$report"
    # The sanitizer's library, where there is one, cannot come first then.
    ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
      LD_PRELOAD=$RENKEI_BUILDDIR/.libs/preload-disk.so FAULT_REPORT=$report FAULT_UNDER=$BATS_TEST_TMPDIR FAULT_AT=$1 \
      FAULT_DO=$2 renkei --db "$BATS_TEST_TMPDIR/clinic.db" --clock "$now" -q -y dispose run "$id"
  }
  killed 0 kill
  calls=$(od -An -tu8 -N8 "$report" | tr -d ' ')
  echo "$calls calls"
  [[ $calls -gt 20 ]]
  step=$((calls / 14 + 1))
  for ((at = 1; at <= calls; at += step)); do
    rm -rf clinic.db* fax
    cp -r ../kept/* .
    how='kill'
    ((at % 2)) || how=half
    run killed "$at" "$how"
    [[ $status -eq 137 ]] || { echo "call $at: $status"; false; }
    clinic -q verify
    clinic -q -y dispose run "$id" || clinic dispose show "$id" --format json | jq -e '.disposal.state == "done"'
    clinic dispose show "$id" --format json | jq -e '.disposal.state == "done" and (.cases | length) == 2 and all(.cases[]; .head != null)'
    clinic -q verify
    left=$(traces .)
    [[ -z $left ]] || { echo "call $at: $left"; false; }
  done
}

@test "who may not is refused by the same rights as everywhere, and that is noted" {
  closed_cases
  clinic -q operator add bin --name 会計 --roles administrator
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose R8-0002)
  accountant() { SUDO_UID=2 clinic "$@"; }
  refused 4 accountant dispose propose R8-0001
  refused 4 accountant dispose approve "$id"
  refused 4 accountant dispose withdraw "$id" --why 試し
  refused 4 accountant dispose run "$id" -y
  refused 4 accountant dispose hold R8-0001 --why 試し
  refused 4 accountant dispose release R8-0001 --why 試し
  refused 4 accountant disclose refuse K-20260401-0000 --why 試し
  refused 4 accountant outbox run --folder fax -y
  noted=$(sqlite3 clinic.db "SELECT group_concat(action, ', ') FROM (SELECT action FROM access_log WHERE operator = 'bin' AND result <> '0' ORDER BY seq)")
  [[ $noted == "dispose propose, dispose approve, dispose withdraw, dispose run, dispose hold, dispose release, disclose refuse, outbox" ]]
}

@test "what was typed with holds, proposals and disclosures goes with the case" {
  closed_cases
  echo '鬼頭 慧太' >../who.txt
  disclosure=$(clinic -q disclose open --person ../who.txt --due 2026-05-01 --why '鬼頭 慧太さん本人の請求')
  clinic -q dispose hold R8-0002 --why 鬼頭慧太さんの訴訟
  clinic -q dispose release R8-0002 --why 鬼頭慧太さんの和解
  clinic -q disclose refuse "$disclosure" --why 鬼頭慧太さんに支障
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose R8-0001 R8-0002 --why '鬼頭 慧太さんの分')
  clinic -q dispose withdraw "$id" --why 鬼頭慧太さんから電話
  # Until then they are there, each with its case, and the cases can be replayed with them.
  [[ $(clinic log R8-0002 --format json | jq '[.journal[] | select(.kind == "note")] | length') -eq 7 ]]
  [[ $(clinic log --format json | jq '[.journal[] | select(.kind == "office" and .why != null and (.why | contains("鬼頭")))] | length') -eq 0 ]]
  clinic verify
  clinic config set retention.fujisawa-member-registration P5Y -q
  approved R8-0001 R8-0002
  clinic -q -y dispose run "$id"
  [[ -z $(traces .) ]]
  run ! grep -q 鬼頭 <(clinic log --format json)
  clinic verify
}

@test "a remark on cases that are gone is not kept, and that is said" {
  closed_cases
  echo '鬼頭 慧太' >../who.txt
  disclosure=$(clinic -q disclose open --person ../who.txt --due 2026-05-01)
  approved R8-0002
  clinic -q -y dispose run "$id"
  run --separate-stderr clinic disclose refuse "$disclosure" --why 鬼頭慧太さんに支障
  echo "$stderr"
  [[ $status -eq 0 && $stderr == *CS221* ]]
  run ! grep -c 鬼頭 clinic.db clinic.db-wal
}

@test "what was changed after the approval is not disposed of" {
  closed_cases
  clinic -q config set retention.fujisawa-patient-consent P1D
  at 2026-05-01T09:00
  id=$(clinic -q dispose propose R8-0002 --why 済み)
  other -q dispose approve "$id"
  clinic -q -y undo R8-0002 --why 誤り
  clinic -q do R8-0002 consent.refused
  at 2026-06-01T09:00
  refused 4 clinic -y dispose run "$id"
  [[ $stderr == *CS222* ]]
  clinic show R8-0002
  clinic -q dispose withdraw "$id" --why 変更あり
  id=$(clinic -q dispose propose R8-0002)
  other -q dispose approve "$id"
  at 2026-07-01T09:00
  clinic -q -y dispose run "$id"
}

@test "the certificate names every copy that still holds it, where it lies and what removes it" {
  closed_cases
  mkdir -m 700 one two
  # In one second, to two folders: two copies.
  clinic -q db backup --to one
  clinic -q db backup --to ./two
  clinic -q db backup --to one
  approved R8-0002
  clinic -q -y dispose run "$id"
  clinic dispose show "$id" --format json >certificate.json
  jq -e --arg here "$PWD" '[.backups[].folder] | sort == [$here + "/one", $here + "/two"]' certificate.json
  at 2032-04-16T09:00
  clinic -q db backup --to one
  clinic dispose show "$id" --format json | jq -r '.backups[].remove' >commands
  cat commands
  grep -q "/one' --keep 2$" commands
  grep -q "/two' --keep 1$" commands
  at 2032-04-17T09:00
  while read -r _ words; do eval "clinic -q $words"; done <commands
  clinic dispose show "$id" --format json | jq -e '.backups == []'
  [[ $(find one two -name '*.db' | wc -l) -eq 3 ]]
}

@test "the certificate says which registers still hold a key of the case, because the office wrote it" {
  closed_cases
  echo '例示クリニック / 鬼頭 慧太 / 1947-05-09' | clinic -q register room - --set open --why 電話
  echo '例示クリニック / 鬼頭 慧太 / 1947-05-09' | clinic --format json register room - | jq -e '.entries | length == 1'
  echo 'なし' | clinic --format json register room - | jq -e '.entries == []'
  approved R8-0002
  clinic -q -y dispose run "$id"
  clinic dispose show "$id" --format json | jq -e '.by_hand == [{case: "R8-0002", register: "room", entries: 1}]'
  clinic verify
}
