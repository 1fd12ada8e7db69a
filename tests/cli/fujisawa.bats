#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The handbook of one town, whole: what its procedures do with papers, held against lists that
# were copied from the handbook by hand; and its parts run with the commands.
load cli
setup() {
  cli_setup
  expect=$RENKEI_SRCDIR/tests/expect
}

rows() { grep -v '^#' "$1"; }

@test "papers go as the handbook says, and nowhere else" {
  renkei --format jsonl workflow test --papers "$RENKEI_SRCDIR/workflows/fujisawa" >seen.jsonl
  jq -r 'select(.what == "moves") | [.form, .from, .to, .channel] | @tsv' seen.jsonl | sort >moves
  diff <(rows "$expect/fujisawa-papers.tsv" | awk -F'\t' '$1 == "moves" { print $2 "\t" $3 "\t" $4 "\t" $5 }' | sort) moves
}

@test "papers lie where the handbook keeps them, and with whom they were sent to" {
  renkei --format jsonl workflow test --papers "$RENKEI_SRCDIR/workflows/fujisawa" >seen.jsonl
  jq -r 'select(.what == "lies") | [.form, .from, .to] | @tsv' seen.jsonl | sort >lies
  rows "$expect/fujisawa-papers.tsv" | awk -F'\t' '$1 == "kept" { print $2 "\t" $3 "\t" $4 }' | sort >kept
  [[ -z $(comm -23 kept lies) ]]
  # What else lies about was made by the line, or stays with who wrote it.
  comm -13 kept lies | while IFS=$'\t' read -r form kind holder; do
    case $kind in
    fax) rows "$expect/fujisawa-papers.tsv" | grep -q "^moves	$form	[a-z_]*	$holder	fax" ;;
    original) [[ "$form $holder" == "fj-3 member_institution" ]] ;;
    *) false ;;
    esac
  done
  rows "$expect/fujisawa-papers.tsv" | awk -F'\t' '$1 == "never" { print $2, $4 }' | while read -r form whom; do
    ! grep -q "^$form	[a-z]*	$whom\$" lies
  done
}

@test "every transition of every procedure is taken by its tests" {
  renkei --format json workflow test --coverage "$RENKEI_SRCDIR/workflows" | jq -e '.untaken == []'
}

@test "the list at the end of the handbook comes out of the procedures" {
  make_clinic
  clinic custody --handbook --format json >list.json
  rows "$expect/fujisawa-handbook.tsv" | while IFS=$'\t' read -r role form goes keeps open; do
    title=$(jq -r --arg r "$goes" '[.papers[] | select(.role == $r) | .role_title][0] // ""' list.json)
    [[ $goes != vendor ]] || title="Kanamic Network"
    jq -e --arg role "$role" --arg form "$form" --arg title "$title" --arg goes "$goes" --arg keeps "$keeps" --arg open "$open" '
      .papers[] | select(.role == $role and .form == $form)
      | (if $goes == "-" then .goes == null else (.goes | endswith($title)) end)
        and (.keeps == ($keeps == "yes")) and ((.open_point != null) == ($open == "yes"))' list.json
  done
  # No party beside those of the handbook's two lists keeps anything.
  jq -e '[.papers[] | select(.keeps) | .role] | unique == ["association", "member_institution"]' list.json
}

patient() { printf 'patient = 例示 一郎\nbirth_date = 昭和25年3月1日\ninstitution = 例示クリニック\n'; }

@test "personal values are not taken from the command line, but from a file or the standard input" {
  make_clinic
  refused 2 clinic new fujisawa-patient-consent --set institution=例示クリニック --set patient=例示一郎
  [[ $stderr == *"--set patient=-"* && $stderr == *--values* && $stderr != *例示一郎* ]]
  patient | sed 's/3月1日/2月30日/' >wrong.txt
  refused 6 clinic new fujisawa-patient-consent --values wrong.txt
  [[ $stderr == *birth_date* && $stderr != *2月30日* ]]
  echo nonsense >bad.txt
  refused 6 clinic new fujisawa-patient-consent --values bad.txt
  [[ $stderr == *"bad.txt:1"* ]]
  [[ $(clinic list --all --format json | jq '.cases | length') -eq 0 ]]
  patient | clinic new fujisawa-patient-consent --values -
  clinic show R8-0001 --format json | jq -e '.case.label == "例示クリニック"'
  clinic do R8-0001 consent.explained
  refused 4 clinic do R8-0001 consent.signed --received fj-1 --channel fax
  clinic do R8-0001 consent.signed --received fj-1 --evidence paper
  clinic verify
}

@test "a register entry written by hand needs a reason and keeps to the life cycle" {
  make_clinic
  refused 6 clinic register institution 例示クリニック --set registered
  [[ $stderr == *--why* ]]
  refused 6 clinic register institution 例示クリニック --set famous --why x
  refused 3 clinic register nothing 例示 --set registered --why x
  clinic register institution '例示クリニック' --set registered --why 導入前に登録済み --field kind=member
  refused 4 clinic register institution 例示クリニック --set applied --why x
  printf '例示クリニック' | clinic register institution - --set terminated --why 廃業
  clinic register institution 例示クリニック --format json | jq -e '.entries[0].state == "terminated" and .entries[0].kind == "member"'
  clinic register institution 例示クリニック --history --format json | jq -e '.entries | length == 2'
}

@test "a procedure between others is not opened at this desk" {
  make_association
  refused 4 association new fujisawa-partner-registration --set institution=例示クリニック --set partner=例示薬局 --set kind=office
  [[ $stderr == *fujisawa-partner-registration* ]]
  refused 4 association new fujisawa-id-stop --set institution=例示クリニック
}

@test "linked cases are shown from both ends, end together, and replay" {
  make_clinic
  clinic -q register institution 例示クリニック --set registered --why 導入前
  clinic -q register institution 例示薬局 --set registered --why 導入前
  { patient; echo 'doctor = 架空 太郎'; } | clinic -q new fujisawa-additional-patient --values -
  clinic show R8-0001 --format json | jq -e '.linked[0] | .procedure == "fujisawa-patient-consent" and .relation == "opens" and .number == "R8-0002"'
  clinic show R8-0002 --format json | jq -e '.linked[0] | .relation == "opened-by" and .number == "R8-0001"'
  refused 4 clinic do R8-0001 consent.checked
  refused 4 clinic do R8-0001 done.case.fujisawa-patient-consent
  clinic do R8-0002 consent.explained
  clinic do R8-0002 consent.signed --received fj-1
  clinic do R8-0001 consent.checked
  refused 6 clinic do R8-0001 partner.named
  [[ $stderr == *partner* ]]
  clinic do R8-0001 partner.named --set partner=例示薬局
  refused 6 clinic do R8-0001 pledge.owner-received --set partner=例示薬局 --received fj-4
  [[ $stderr == *fj-4:* ]]
  clinic do R8-0001 pledge.owner-received --set partner=例示薬局 --received fj-4:例示薬局
  refused 4 clinic do R8-0001 pledges.completed
  [[ $stderr == *"fj-5:例示薬局"* ]]
  clinic show R8-0001 --format json | jq -e '[.papers[].form] | index("fj-4:例示薬局") != null'
  clinic form print R8-0001 fj-4:例示薬局 -o pledge.pdf
  clinic do R8-0001 pledge.refused
  clinic verify
  clinic list --all --format json | jq -e '.cases | length == 2'
}

@test "a form that no handbook prints is looked at once before it goes out" {
  make_clinic
  open_case clinic
  request_text | clinic -q form fill R8-0001 fj-2-1 -
  pledge_text | clinic -q form fill R8-0001 fj-3 -
  clinic -q form sign R8-0001 fj-3
  refused 4 clinic do R8-0001 request.faxed
  [[ $stderr == *fj-2-1* && $stderr == *fj-3* && $stderr == *"renkei form approve fj-2-1"* ]]
  refused 3 clinic form approve fj-99
  clinic form approve fj-2-1
  refused 4 clinic do R8-0001 request.faxed
  clinic form approve fj-3
  clinic do R8-0001 request.faxed
  refused 4 clinic form return R8-0001 fj-2-1
}

@test "days without business: holidays and the office's own" {
  make_clinic
  clinic calendar list --format json | jq -e '[.days[] | select(.kind == "holiday")] | length > 30'
  clinic calendar close R8.12.29 年末の休み
  clinic calendar list --format json | jq -e '.days[] | select(.day == "2026-12-29" and .kind == "closure")'
  clinic calendar open 2026-12-29
  clinic calendar list --format json | jq -e '[.days[] | select(.kind == "closure")] == []'
  refused 6 clinic calendar close 2026-02-30
}

@test "duties: listed, shown in the handbook's words, recorded" {
  make_clinic
  clinic duty list --format json | jq -e '[.duties[].kind] | index("guard") != null and index("checklist") != null'
  clinic duty show fujisawa-maintenance-outsourcing --format json | jq -e '[.duty[] | select(.part == "item")] | length == 2'
  refused 3 clinic duty show no-such-duty
  refused 6 clinic duty record fujisawa-maintenance-outsourcing
  clinic duty record fujisawa-maintenance-outsourcing --why 契約書を確認
  clinic log --format json | jq -e '.journal[-1] | .kind == "duty" and .why == "契約書を確認"'
}

@test "the whole story plays to its end: from consent to stop" {
  run "$RENKEI_SRCDIR/examples/fujisawa-whole/run.sh" "$BATS_TEST_TMPDIR/whole"
  [[ $status -eq 0 && $(grep -c '^(refused' <<<"$output") -ge 8 ]]
  for form in 書式1 書式2-1 書式2-1-1 書式2-2 書式2-3 書式2-4 書式3 書式4 書式5; do
    grep -q "（$form）" whole/index.html
  done
  [[ $(find whole/papers -name '*.pdf' | wc -l) -eq 9 ]]
  for paper in whole/papers/*.pdf; do
    pdftotext "$paper" - | grep -q 例示
  done
  [[ -z $(find whole -type f -perm /077) ]]
  # Nobody who was stopped is in a room; partner requests never passed the association.
  db=(--db whole/clinic.db --clock 2026-07-01T10:00+09:00 --format json)
  renkei "${db[@]}" register participant | jq -e '[.entries[] | select(.person | endswith("架空 花子")) | .state] == ["removed"]'
  renkei "${db[@]}" custody | jq -e '[.custody[] | select(.holder == "association") | .form] | sort == ["fj-2-1", "fj-3"]'
  renkei "${db[@]}" custody | jq -e '[.custody[] | select(.form == "fj-4" and .party != null) | .party] | sort == ["例示病院", "例示訪問看護"]'
}
