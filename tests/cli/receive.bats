#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2030,SC2031,SC2154
# Papers come back and find their case; what is not certain waits in the tray.
load cli

# A consent that the patient signs at home: fj-1 goes out printed and comes back.
setup() {
  cli_setup
  for tool in tiffcp tiffcrop raw2tiff pdftoppm; do command -v "$tool" >/dev/null || skip "no $tool here"; done
  make_clinic
  printf 'institution = 例示クリニック\npatient = 例示 一郎\nbirth_date = 昭和25年3月1日\n' >patient.txt
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0001 consent.explained
  print fj-1
  pages=$(tiffinfo fj-1.tiff | grep -c '^TIFF Directory')
}

# print FORM: as it goes to the FAX machine, FORM.tiff.
print() { clinic -q -y form print R8-0001 "$1" -o "$1.tiff"; }
# take FILE WORD…: received, as JSON; the exit code in $status, the messages in $stderr.
take() { run --separate-stderr clinic --format json receive "$@"; echo "$status $output $stderr"; }
# fill CASE: fj-1 is filled in, and so has another version.
fill() {
  {
    printf 'consent_date = 令和8年4月16日\npatient_name_kana = レイジ イチロウ\nbirth_date = 昭和25年3月1日\n'
    printf 'patient_postal_code = 251-0000\npatient_address = 神奈川県藤沢市例示町 9-9\n'
    printf 'explainer_institution = 例示クリニック\nexplainer_name = 架空 太郎\n'
  } | clinic -q form fill "$1" fj-1 -
}
# entered CASE: how many of its events are signatures.
entered() { clinic --format json log "$1" | jq '[.journal[] | select(.event == "consent.signed")] | length'; }
says() { jq -e "$1" <<<"$output" >/dev/null; }
tray() { clinic --format json tray list | jq -r ".tray | $1"; }

@test "an answer that CSV cannot hold is refused before anything is taken in" {
  before=$(clinic --format json show R8-0001 | jq .case.revision)
  refused 2 clinic --format csv receive fj-1.tiff
  [[ $(tray length) -eq 0 && $(clinic --format json show R8-0001 | jq .case.revision) -eq $before ]]
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM picture") -eq 0 ]]
}

@test "a signed paper finds its case, and what it makes possible is proposed" {
  take fj-1.tiff
  [[ $status -eq 0 ]]
  says '.pages | length == '"$pages"' and all(.state == "filed" and .case == "R8-0001" and .paper == "fj-1" and .reason == null)'
  says '.papers == [{case: "R8-0001", papers: "fj-1", state: "proposed", event: "consent.signed",
    command: "renkei do R8-0001 consent.signed --received fj-1"}]'
  [[ $(tray length) -eq 0 ]]
  read -ra words < <(jq -r '.papers[0].command' <<<"$output")
  clinic -q "${words[@]:1}"
  clinic --format json register consent | jq -e '.entries[0].state == "given"'
  clinic verify | grep '^received pages'
}

@test "with --apply it is entered, and the page is evidence" {
  take fj-1.tiff --apply
  [[ $status -eq 0 ]]
  says '.papers[0].state == "entered"'
  clinic --format json register consent | jq -e '.entries[0].state == "given"'
  clinic --format json log R8-0001 | jq -e '.journal[-1] | .event == "consent.signed" and .evidence == "paper"'
  clinic --format json custody R8-0001 | jq -e '.custody | length > 0'
  clinic -q verify
}

@test "the same file again says so and changes nothing" {
  take fj-1.tiff
  before=$(clinic --format json log | jq '.journal | length')
  cp fj-1.tiff again.tiff
  take again.tiff
  [[ $status -eq 0 && $stderr == *CS192* ]]
  [[ $(clinic --format json log | jq '.journal | length') -eq $before ]]
  says '.pages | all(.state == "filed")'
  run --separate-stderr clinic receive - <fj-1.tiff
  [[ $status -eq 0 && $stderr == *CS192* && $stderr == *"'-'"* ]]
  # What was only proposed is entered then, and once only.
  take fj-1.tiff --apply
  says '.papers[0].state == "entered"'
  take fj-1.tiff --apply
  [[ $status -eq 0 ]]
  says '.papers == []'
}

@test "a file that is received again enters no paper that was changed since" {
  take fj-1.tiff
  fill R8-0001
  take fj-1.tiff --apply
  [[ $status -eq 0 && $stderr == *CS215*R8-0001*fj-1* ]]
  says '.papers == []'
  [[ $(entered R8-0001) -eq 0 ]]
}

@test "a page whose code says another paper is not matched to this one" {
  printf 'institution = 例示クリニック\npatient = 見本 花子\nbirth_date = 昭和30年5月5日\n' >patient.txt
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0002 consent.explained
  tiffcp fj-1.tiff,0 first.tiff
  take first.tiff
  id=$(tray '.[0].id')
  refused 4 clinic -y tray match "$id" R8-0002 fj-1
  [[ $stderr == *CS218*R8-0001/FJ-1-0*R8-0002* ]]
  # A number with the right check characters of a paper that never was printed.
  refused 6 clinic tray match "$id" R8-0001/FJ-1-99-JU
  [[ $(tray length) -eq 1 ]]
  # To its own case it goes, and half a paper enters nothing.
  clinic -q tray match "$id" R8-0001 fj-1
  take first.tiff --apply
  [[ $status -eq 0 ]]
  says '.papers == [] and (.pages | all(.state == "filed"))'
  [[ $(entered R8-0001) -eq 0 && $(entered R8-0002) -eq 0 ]]
  clinic -q verify
}

@test "the other page of a paper whose first was matched by hand joins it, and a person enters it" {
  tiffcp fj-1.tiff,0 first.tiff
  tiffcp fj-1.tiff,1 second.tiff
  take first.tiff
  clinic -q tray match "$(tray '.[0].id')" R8-0001 fj-1
  take second.tiff --apply
  [[ $status -eq 0 && $stderr == *CS216* ]]
  says '.pages[0].state == "filed" and .papers[0].state == "proposed"'
  take second.tiff --apply
  says '.papers[0].state == "proposed"'
  take first.tiff --apply
  says '.papers[0].state == "proposed"'
  [[ $(entered R8-0001) -eq 0 ]]
  clinic -q verify
}

@test "two pictures of one page that differ are only proposed" {
  clinic -q form print R8-0001 fj-1 -o fj-1.pdf
  pdftoppm -r 200 -l 1 -mono -tiff -singlefile fj-1.pdf other
  tiffcp fj-1.tiff,0 other.tif fj-1.tiff,1 both.tiff
  take both.tiff --apply
  [[ $status -eq 7 && $stderr == *CS216* ]]
  says '[.pages[].reason] == [null, "duplicate", null] and .papers[0].state == "proposed"'
  [[ $(entered R8-0001) -eq 0 ]]
  # The same picture twice says nothing else.
  printf 'institution = 例示クリニック\npatient = 見本 花子\nbirth_date = 昭和30年5月5日\n' >patient.txt
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0002 consent.explained
  clinic -q -y form print R8-0002 fj-1 -o second.tiff
  tiffcp second.tiff,0 second.tiff second.tiff,0 thrice.tiff
  take thrice.tiff --apply
  says '.papers[0].state == "entered"'
}

@test "half of the pages waits for the other half" {
  [[ $pages -gt 1 ]] || skip "the form has one page"
  tiffcp fj-1.tiff,0 first.tiff
  rest=$(seq -s, 1 $((pages - 1)))
  tiffcp "fj-1.tiff,$rest" rest.tiff
  take first.tiff --apply
  [[ $status -eq 7 ]]
  says '.pages[0].state == "tray" and .pages[0].reason == "incomplete" and .papers == []'
  take rest.tiff --apply
  [[ $status -eq 0 ]]
  says '.papers[0].state == "entered"'
  [[ $(tray length) -eq 0 ]]
  clinic -q verify
}

@test "a second copy of a page is for a person to choose" {
  take fj-1.tiff
  tiffcp fj-1.tiff,0 fj-1.tiff,0 twice.tiff
  take twice.tiff
  [[ $status -eq 7 ]]
  says '.pages | all(.state == "tray" and .reason == "duplicate")'
}

@test "upside down, in colour, at 600 dpi, as PDF: it is the same paper" {
  tiffcp fj-1.tiff,0 first.tiff
  tiffcrop -R 180 first.tiff turned.tiff 2>/dev/null
  clinic -q form print R8-0001 fj-1 -o fj-1.pdf
  pdftoppm -r 600 -l 1 -png fj-1.pdf colour
  for file in turned.tiff colour*.png; do
    take "$file" --dry-run
    says '.pages[0].number == "R8-0001/FJ-1-0" and .pages[0].sheet == "1/'"$pages"'"'
  done
  take fj-1.pdf --apply
  [[ $status -eq 0 ]]
  says '.papers[0].state == "entered"'
}

@test "blank and black pages, and pages without a code, are named" {
  head -c 524288 /dev/zero >black.raw
  tr '\0' '\377' <black.raw >white.raw
  for page in black white; do raw2tiff -w 512 -l 1024 $page.raw $page.tiff; done
  tiffcp white.tiff black.tiff both.tiff
  take both.tiff
  [[ $status -eq 7 ]]
  says '[.pages[] | .state, .reason] == ["blank", null, "tray", "black"]'
  [[ $(tray '[.[].reason] | join(" ")') == black ]]
  clinic -q verify
}

@test "a page of which only the white head came is damaged and kept, not blank" {
  clinic -q form print R8-0001 fj-1 -o fj-1.pdf
  pdftoppm -r 100 -png -f 1 -l 1 fj-1.pdf white
  head -c 200 white-*1.png >head.png
  take head.png
  [[ $status -eq 7 ]]
  says '[.pages[] | .state, .reason] == ["tray", "damaged"]'
  [[ $(tray '.[].reason') == damaged ]]
}

@test "three hundred pages are taken, one more is not" {
  head -c 4096 /dev/zero | tr '\0' '\377' >small.raw
  raw2tiff -w 64 -l 64 small.raw small.tiff
  # shellcheck disable=SC2046
  tiffcp $(yes small.tiff | head -300) many.tiff
  tiffcp many.tiff small.tiff more.tiff
  take more.tiff
  [[ $status -eq 6 && $stderr == *RN074* ]]
  take many.tiff
  [[ $status -eq 0 ]]
  says '.pages | length == 300 and all(.state == "blank")'
}

@test "a file that is cut, empty, or none of pages does no harm, and the others are taken" {
  head -c 9000 fj-1.tiff >cut.tiff
  echo '%PDF-1.7 and no more' >broken.pdf
  echo hello >text.txt
  : >empty.tiff
  for file in broken.pdf text.txt empty.tiff; do
    refused 6 clinic receive "$file"
  done
  refused 3 clinic receive nowhere.tiff
  take cut.tiff --apply
  [[ $status -eq 6 || $status -eq 7 ]]
  clinic --format json register consent | jq -e '.entries | all(.state != "given")'
  take text.txt fj-1.tiff --apply
  [[ $status -eq 7 && $stderr == *RN070* ]]
  says '.papers[0].state == "entered"'
}

@test "a page of another office, and of an earlier version, is not taken for ours" {
  renkei -q --db other.db --clock "$now" init --office other --municipality fujisawa --roles member_institution --exercise
  renkei -q --db other.db --clock "$now" new fujisawa-patient-consent --values patient.txt
  renkei -q --db other.db --clock "$now" form print R8-0001 fj-1 -o theirs.tiff
  take theirs.tiff --apply
  [[ $status -eq 7 ]]
  says '.pages | all(.state == "tray" and .reason == "foreign" and .case == null)'
  fill R8-0001
  take fj-1.tiff --apply
  [[ $status -eq 7 ]]
  says '.pages | all(.reason == "older-version")'
  print fj-1
  take fj-1.tiff --apply
  [[ $status -eq 0 ]]
  clinic -q verify
}

@test "what comes by another way, or is not waited for, goes to the tray" {
  take fj-1.tiff --channel fax --apply
  [[ $status -eq 7 ]]
  says '.pages | all(.reason == "not-this-way")'
  clinic -q do R8-0001 consent.signed --received fj-1
  tiffcp fj-1.tiff,0 first.tiff
  take first.tiff --apply
  [[ $status -eq 7 ]]
  says '.papers == []'
}

@test "an unknown channel is a slip, and the right one frees what came by a wrong one" {
  refused 2 clinic receive fj-1.tiff --channel pigeon
  [[ $stderr == *AN009*fax*hand* && $(tray length) -eq 0 ]]
  take fj-1.tiff --channel fax
  [[ $status -eq 7 ]]
  take fj-1.tiff --channel hand --apply
  [[ $status -eq 0 ]]
  says '.papers[0].state == "entered" and (.pages | all(.state == "filed"))'
  [[ $(tray length) -eq 0 && $(entered R8-0001) -eq 1 ]]
  clinic -q verify
}

@test "a filed file that is received again by a wrong channel says why nothing is done" {
  take fj-1.tiff --channel hand
  says '.papers[0].command | endswith(" --channel hand")'
  take fj-1.tiff --channel fax --apply
  [[ $status -eq 7 && $stderr == *CS028* ]]
  says '.papers == []'
  # The way that was said the first time need not be said again.
  take fj-1.tiff --apply
  says '.papers[0].state == "entered"'
}

@test "what was rejected or blank comes in again from the same file" {
  head -c 524288 /dev/zero | tr '\0' '\377' >white.raw
  raw2tiff -w 512 -l 1024 white.raw white.tiff
  tiffcp fj-1.tiff,0 white.tiff some.tiff
  take some.tiff
  clinic -q -y tray reject "$(tray '.[0].id')" --why 取り違え
  [[ $(tray length) -eq 0 ]]
  take some.tiff --apply
  [[ $status -eq 0 && $stderr == *CS192* && $(tray length) -eq 0 ]]
  take some.tiff
  [[ $status -eq 7 && $stderr == *CS219*"1, 2"* ]]
  says '[.pages[] | .page, .state, .reason] == [1, "tray", "incomplete", 2, "tray", "no-code"]'
  [[ $(tray length) -eq 2 ]]
  clinic -q tray show "$(tray '.[1].id')" -o white.png
  take some.tiff
  [[ $stderr == *CS192* && $(tray length) -eq 2 ]]
  clinic -q verify
}

@test "two halves in two files of one call are told as they stand in the end" {
  tiffcp fj-1.tiff,0 first.tiff
  tiffcp fj-1.tiff,1 second.tiff
  take first.tiff second.tiff --apply
  [[ $status -eq 0 ]]
  says '(.pages | all(.state == "filed" and .case == "R8-0001")) and .papers[0].state == "entered"'
}

@test "the tray says which page is missing, and offers both papers of a page with two codes" {
  printf 'institution = 例示クリニック\npatient = 見本 花子\nbirth_date = 昭和30年5月5日\n' >patient.txt
  clinic -q new fujisawa-patient-consent --values patient.txt
  clinic -q do R8-0002 consent.explained
  clinic -q -y form print R8-0002 fj-1 -o second.tiff
  tiffcp fj-1.tiff,0 first.tiff
  take first.tiff
  clinic --format json tray show "$(tray '.[0].id')" | jq -e '.page.missing == "2"'
  clinic -q -y tray reject "$(tray '.[0].id')" --why 試し
  # One sheet below the other, as when the machine draws in two.
  for case in R8-0001 R8-0002; do
    clinic -q -y form print "$case" fj-1 -o sheet.pdf
    pdftoppm -r 150 -l 1 -gray -singlefile sheet.pdf sheet
    read -r width height < <(sed -n 2p sheet.pgm)
    tail -c $((width * height)) sheet.pgm >>two.raw
  done
  raw2tiff -w "$width" -l $((height * 2)) two.raw two.tiff
  take two.tiff
  says '.pages[0].reason == "codes-differ"'
  clinic --format json tray show "$(tray '.[0].id')" |
    jq -e '[.candidates[].case] == ["R8-0001", "R8-0002"] and (.page.number | contains("R8-0002/FJ-1-0"))'
}

@test "a folder and a pipe are no files of pages" {
  mkdir folder
  mkfifo pipe
  for file in folder pipe; do
    refused 3 clinic receive "$file"
    [[ $stderr == *"regular file"* ]]
  done
}

@test "a page in the tray is shown with its candidates, matched, or sent away" {
  command -v sqlite3 >/dev/null || skip "no sqlite3 here"
  clinic -q form blank fj-1 -o blank.tiff
  tiffcp blank.tiff,0 one.tiff
  tiffcp fj-1.tiff,0 two.tiff
  take one.tiff two.tiff
  [[ $status -eq 7 ]]
  says '[.pages[].reason] == ["blank-form", "incomplete"]'
  blank=$(tray '.[] | select(.reason == "blank-form").id')
  half=$(tray '.[] | select(.reason == "incomplete").id')
  clinic --format json tray show "$blank" | jq -e '.candidates[0] | .case == "R8-0001" and .form == "fj-1"'
  clinic -q tray show "$half" -o page.png
  [[ $(head -c 4 page.png | tail -c 3) == PNG ]]
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM access_log WHERE action = 'tray show' AND detail = '$half'") -eq 1 ]]
  clinic | grep "$blank"
  clinic -q tray match "${blank:0:8}" R8-0001 fj-1
  refused 3 clinic tray match "$blank" R8-0001 fj-1
  refused 6 clinic tray reject "$half"
  clinic -q -y tray reject "$half" --why 二重に届いたため
  refused 3 clinic tray show "$half" -o again.png
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM picture") -eq 1 ]]
  [[ $(tray length) -eq 0 ]]
  clinic -q verify
}

@test "an export holds the pages as they came, and disposal takes them" {
  command -v sqlite3 >/dev/null || skip "no sqlite3 here"
  clinic -q operator add daemon --name 例示職員 --roles member_institution
  clinic -q config set retention.fujisawa-patient-consent P5Y
  take fj-1.tiff --apply
  clinic -q export R8-0001 -o bundle
  [[ $(find bundle/received -name '*.png' | wc -l) -eq $pages ]]
  (cd bundle && sha256sum --quiet -c SHA256SUMS)
  clinic -q do R8-0001 consent.withdrawn
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose R8-0001)
  SUDO_UID=1 clinic -q dispose approve "$id"
  at 2032-04-15T09:00
  clinic -q -y dispose run "$id"
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM picture") -eq 0 ]]
  clinic -q verify
  take fj-1.tiff --apply
  [[ $status -eq 0 && $stderr == *CS192* ]]
}

@test "a case is not disposed of while a page that bears its number waits in the tray" {
  clinic -q operator add daemon --name 例示職員 --roles member_institution
  clinic -q config set retention.fujisawa-patient-consent P5Y
  tiffcp fj-1.tiff,0 fj-1.tiff,0 twice.tiff
  take twice.tiff
  clinic -q do R8-0001 consent.refused
  at 2032-04-01T09:00
  ids=$(tray '.[].id')
  refused 4 clinic dispose propose R8-0001
  for page in $ids; do
    [[ $stderr == *CS223*"$page"* ]]
    clinic -q -y tray reject "$page" --why 二重
  done
  id=$(clinic -q dispose propose R8-0001)
  SUDO_UID=1 clinic -q dispose approve "$id"
  at 2032-04-15T09:00
  clinic -q -y dispose run "$id"
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM picture") -eq 0 ]]
}

@test "undo takes back the event and not that the page came" {
  take fj-1.tiff --apply
  clinic -q -y undo R8-0001 --why 別の患者だった
  clinic --format json register consent | jq -e '.entries | all(.state != "given")'
  clinic -q verify
  take fj-1.tiff
  says '.pages | all(.state == "filed")'
  says '.papers[0].state == "proposed"'
}

@test "another office of the file sees nothing of the tray" {
  clinic office add kita --municipality fujisawa --roles member_institution --operator "$(id -un 1)"
  tiffcp fj-1.tiff,0 one.tiff
  take one.tiff
  id=$(tray '.[0].id')
  SUDO_UID=1 clinic --format json tray list | jq -e '.tray == []'
  for words in "show $id" "show $id -o x.png" "match $id R8-0001 fj-1" "reject $id --why x -y"; do
    # shellcheck disable=SC2086
    SUDO_UID=1 run --separate-stderr clinic tray $words
    [[ $status -eq 3 && -z $output ]]
  done
  SUDO_UID=1 clinic --format json receive one.tiff >theirs.json || [[ $? -eq 7 ]]
  jq -e '.pages | all(.state == "tray")' theirs.json
  clinic -q verify
}

@test "who holds no role here receives nothing" {
  refused 4 env SUDO_UID=2 renkei --db clinic.db --clock "$now" receive fj-1.tiff
  [[ $(tray length) -eq 0 ]]
}

@test "a picture that no entry of the register names is found by verify" {
  command -v sqlite3 >/dev/null || skip "no sqlite3 here"
  take fj-1.tiff
  clinic -q verify
  # Beside the case, then in the tray, under a number that nobody received.
  for place in case_id NULL; do
    sqlite3 clinic.db "INSERT INTO picture (office, id, case_id, hash, bytes) SELECT office, '000000000000-001', $place, hash, bytes FROM picture LIMIT 1"
    refused 1 clinic verify
    [[ $stderr == *CS197*000000000000-001* && ($place == NULL || $stderr == *R8-0001*) ]]
    sqlite3 clinic.db "DELETE FROM picture WHERE id = '000000000000-001'"
  done
  clinic -q verify
}

# arrived FILTER: what came and was not entered, of today's work.
arrived() { clinic --format json | jq -r ".arrived | $1"; }

@test "what was only proposed stands in today's work until somebody enters it" {
  [[ $(arrived length) -eq 0 ]]
  take fj-1.tiff
  [[ $(arrived '.[] | .case, .papers, .event, .command' | paste -sd' ') == 'R8-0001 fj-1 consent.signed renkei do R8-0001 consent.signed --received fj-1' ]]
  clinic | grep -F 'renkei do R8-0001 consent.signed --received fj-1'
  read -ra words < <(arrived '.[].command')
  clinic -q "${words[@]:1}"
  [[ $(arrived length) -eq 0 ]]
  clinic -q -y undo R8-0001 --why 誤り
  [[ $(arrived '.[].event') == consent.signed ]]
}

@test "a page that says nothing is offered the cases that wait for a paper by its channel" {
  head -c 524288 /dev/zero | tr '\0' '\377' >page.raw
  head -c 40960 /dev/zero | dd of=page.raw bs=1 seek=200000 conv=notrunc 2>/dev/null
  raw2tiff -w 512 -l 1024 page.raw page.tiff
  take page.tiff --channel hand
  [[ $status -eq 7 && $(tray '.[].reason') == no-code ]]
  clinic --format json tray show "$(tray '.[0].id')" | tee shown.json
  jq -e '.candidates[0] | .case == "R8-0001" and .form == "fj-1" and .reason == "waits-for-it"' shown.json
  # Nothing here comes by FAX; and nothing waits any more.
  clinic -q -y tray reject "$(tray '.[0].id')" --why 別の経路
  take page.tiff --channel fax
  clinic --format json tray show "$(tray '.[0].id')" | jq -e '.candidates == []'
  clinic -q do R8-0001 consent.refused --why 本人の意思
  clinic -q -y tray reject "$(tray '.[0].id')" --why 別の経路
  take page.tiff --channel hand
  clinic --format json tray show "$(tray '.[0].id')" | jq -e '.candidates == []'
}

@test "why a page was sent away stands with the case that its number names, and goes with it" {
  [[ $pages -gt 1 ]] || skip "the form has one page"
  office_words() { clinic --format json log | jq -r '[.journal[] | select(.kind == "scan") | .why // empty] | join(" ")'; }
  case_words() { clinic --format json log R8-0001 | jq -r '[.journal[] | select(.kind == "note") | .why] | join(" ")'; }
  tiffcp fj-1.tiff,0 first.tiff
  take first.tiff
  clinic -q -y tray reject "$(tray '.[0].id')" --why 例示一郎さんの分は郵送
  [[ $(case_words) == 例示一郎さんの分は郵送 && -z $(office_words) ]]
  clinic -q form blank fj-1 -o blank.tiff
  take blank.tiff
  # A page that names no case of ours: the words stay with the office.
  clinic -q -y tray reject "$(tray '.[0].id')" --why 白紙の様式
  [[ $(office_words) == 白紙の様式 ]]
  clinic -q verify
}
