#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Papers that the FAX program sends: to a number that two persons have entered, once, with proof.
load cli
setup() {
  cli_setup
  other=$(id -un 1)
  calls=$BATS_TEST_TMPDIR/calls
}

# as UID WORD…: the clinic's desk in the hands of that user.
as() {
  local uid=$1
  shift
  SUDO_UID=$uid clinic "$@"
}

# sendfax: a FAX program in the test's folder that notes how it was called, then does as told.
sendfax() {
  cat >sendfax <<END
#!/bin/bash
printf '%s\n' "\$#" "\$@" >>$calls
cp "\${@: -1}" $BATS_TEST_TMPDIR/taken 2>/dev/null
$1
END
  chmod 755 sendfax
}

# A desk whose request paper is queued, and which has a FAX program.
ready() {
  make_clinic
  open_case clinic
  prepare_papers
  clinic -q do R8-0001 request.faxed
  clinic -q operator add "$other" --roles member_institution
  sendfax "${1:-echo 'request id is 42 (group id 42) for host localhost (1 file)'}"
  clinic -q config set fax.command "$PWD/sendfax -n -d {number} -i {id} {file}"
}

number() {
  clinic -q contact set association 0466-00-0000
  as 1 -q contact confirm association 0466000000
}

sent() { clinic outbox list --format json | jq -r '.outbox[] | select(.form == "fj-2-1").id'; }
state() { clinic outbox list --format json | jq -r '.outbox[] | select(.form == "fj-2-1").state'; }
# proof FILTER: holds for the last thing noted of the request.
proof() { clinic outbox show "$(sent)" --format json | jq -e ".deliveries[-1] | $1"; }
send() { clinic outbox run -y "$@"; }

@test "the program gets the number of the register and the file, and what it says is kept" {
  ready
  number
  clinic outbox list --format json |
    jq -e '.outbox[] | select(.form == "fj-2-1") | .number == "0466-00-0000" and .contact == "association"'
  send --format json | jq -e '.handed_over[0].result == "handed-over"'
  [[ $(head -5 "$calls") == "6"$'\n'"-n"$'\n'"-d"$'\n'"0466-00-0000"$'\n'"-i" ]]
  [[ $(sed -n 6p "$calls") == "$(sent)" ]]
  [[ $(head -c 4 taken | tr -d '\0') == 'II*' ]]
  proof '.job == "42" and .answer == "exit 0" and .number == "0466-00-0000" and .tries == 1 and .pages >= 1 and
    (.output | startswith("request id is 42"))'
  [[ $(clinic outbox show "$(sent)" --format json | jq -j '.deliveries[-1].output' | sha256sum) == \
    "$(clinic outbox show "$(sent)" --format json | jq -r '.deliveries[-1].sha256')  -" ]]
  [[ $(ls clinic.db-outbox) == lock ]]
  send
  [[ $(grep -c '^-n$' "$calls") -eq 1 ]]
  clinic verify
}

@test "a paper that cannot be drawn is refused before it is queued, and one that was not made says why" {
  make_clinic
  open_case clinic
  prepare_papers
  clinic form check R8-0001 fj-2-1
  request_text | sed 's/^corp_name = .*/corp_name = 医療𓀀会/' >ancient.txt
  run --separate-stderr clinic -q form fill R8-0001 fj-2-1 ancient.txt
  [[ $status -eq 0 && $output == complete && $stderr == *RN067*"(corp_name)"*RN066* ]]
  refused 6 clinic form check R8-0001 fj-2-1
  [[ $stderr == *RN067*"(corp_name)"*"𓀀 (U+13000)"* && $stderr == *RN066* ]]
  for word in --dry-run --yes; do
    refused 4 clinic do R8-0001 request.faxed "$word"
    [[ $stderr == *RN067*"(corp_name)"*"𓀀 (U+13000)"* && $stderr == *RN066* ]]
  done
  clinic outbox list --format json | jq -e '.outbox == []'
  # Where nothing can be printed nobody can tell.
  RENKEI_MODULEDIR=$BATS_TEST_TMPDIR clinic -q do R8-0001 request.faxed
  run ! clinic -q outbox run --folder out -y
  [[ $(state) == failed ]]
  proof '.answer == "not made: RN067"'
  clinic outbox list --format json | jq -e '.outbox[] | select(.form == "fj-2-1") | .answer == "not made: RN067"'
  clinic verify
}

@test "nothing is sent to a number that one person alone has entered, or changed" {
  ready
  run ! --separate-stderr send
  [[ $status -eq 7 && $stderr == *CS150* && $(state) == queued && ! -e $calls ]]
  clinic -q contact set association 0466-00-0000
  run ! --separate-stderr send
  [[ $status -eq 7 && $stderr == *CS151* && $(state) == queued && ! -e $calls ]]
  refused 4 clinic contact confirm association 0466-00-0000
  [[ $stderr == *CS152* ]]
  refused 4 as 1 contact confirm association 0466-00-0001
  [[ $stderr == *CS154* ]]
  as 1 contact confirm association 0466-00-0000
  refused 4 as 1 contact confirm association 0466-00-0000
  [[ $stderr == *CS157* ]]
  clinic -q contact set association 0466-00-0009
  run ! --separate-stderr send
  [[ $status -eq 7 && ! -e $calls ]]
  clinic contact forget association
  run ! --separate-stderr send
  [[ $status -eq 7 && $stderr == *CS150* && ! -e $calls ]]
  refused 3 clinic contact forget association
  clinic register contact association --history --format json | jq -e '.entries | length == 4'
  clinic verify
}

@test "what is no number, and who is no party, has no contact" {
  make_clinic
  for number in 12 abc 0466--00 -0466000000 '0466;id' 0466-00-0000-00000000000000000 '' +; do
    run ! --separate-stderr clinic contact set association "$number"
    [[ $stderr == *CS153* || $stderr == *"unknown option"* || $status -eq 2 ]]
  done
  [[ $(clinic contact list --format json | jq '.contacts | length') -eq 0 ]]
  refused 3 clinic contact set mayor 0466-00-0000
  [[ $stderr == *CS155* ]]
  printf '０４６６－００－００００\n' | clinic contact set association -
  clinic contact list --format json | jq -e '.contacts[0].fax == "0466-00-0000" and .contacts[0].state == "proposed"'
  clinic contact set vendor 例示社 03-0000-0000
  refused 4 clinic contact set vendor 03-0000-0001
  refused 4 clinic contact set association 別の会 03-0000-0001
  [[ $stderr == *CS156* ]]
}

@test "where several parties play a role, somebody says which one it goes to" {
  ready
  clinic -q contact set association 例示会 0466-00-0001
  as 1 -q contact confirm association 例示会 0466-00-0001
  run ! --separate-stderr send
  [[ $stderr == *CS150* && ! -e $calls ]]
  refused 4 clinic outbox address "$(sent)" 知らない会
  clinic outbox address "$(sent)" 例示会
  send
  [[ $(sed -n 4p "$calls") == 0466-00-0001 ]]
  refused 4 clinic outbox address "$(sent)" 例示会
  clinic verify
}

@test "busy: it is tried again as often as planned, at the times planned, and by tick" {
  ready 'echo busy >&2; exit 75'
  number
  clinic -q config set fax.tries 3
  clinic -q config set fax.pauses '5 60'
  run ! --separate-stderr send
  [[ $status -eq 7 && $stderr == *CS163*09:05* && $(state) == waiting ]]
  clinic outbox list --format json |
    jq -e '.outbox[] | select(.form == "fj-2-1") | .tries == 1 and .next == "2026-04-01T00:05:00Z" and .answer == "exit 75"'
  send
  at 2026-04-01T09:04
  clinic tick
  [[ $(grep -c '^-n$' "$calls") -eq 1 ]]
  at 2026-04-01T09:05
  run ! --separate-stderr clinic tick --format json
  [[ $status -eq 7 && $(jq -r '.fired[0].state' <<<"$output") == waiting ]]
  proof '.next == "2026-04-01T01:05:00Z" and .tries == 2'
  at 2026-04-01T11:00
  run ! --separate-stderr send
  [[ $stderr == *CS162* && $(state) == failed ]]
  at 2026-04-02T11:00
  clinic tick
  send
  [[ $(grep -c '^-n$' "$calls") -eq 3 ]]
  proof '.tries == 3 and .next == null'
  clinic outbox retry "$(sent)"
  sendfax 'echo request id is 7'
  send
  proof '.tries == 4 and .job == "7"'
  clinic verify
}

@test "any other failure is a person's: it is not tried again" {
  ready 'echo "no such modem"; exit 1'
  number
  clinic -q config set fax.tries 5
  run ! --separate-stderr send
  [[ $status -eq 7 && $stderr == *CS162*"exit 1"* && $(state) == failed ]]
  at 2026-04-03T09:00
  clinic tick
  send
  [[ $(grep -c '^-n$' "$calls") -eq 1 ]]
  proof '.output == "no such modem\n"'
}

@test "a program that hangs or dies leaves it unknown, and nothing is sent again by itself" {
  ready 'echo begun; sleep 600'
  number
  clinic -q config set fax.tries 5
  clinic -q config set fax.timeout 1
  run ! --separate-stderr send
  [[ $status -eq 7 && $stderr == *CS164*timeout* && $(state) == unknown ]]
  at 2026-04-03T09:00
  clinic tick
  send
  [[ $(grep -c '^-n$' "$calls") -eq 1 ]]
  refused 4 clinic outbox retry "$(sent)"
  clinic outbox fail "$(sent)" --why '届いていない'
  clinic outbox retry "$(sent)"
  # shellcheck disable=SC2016
  sendfax 'kill -KILL $$'
  run ! --separate-stderr send
  [[ $stderr == *"signal 9"* && $(state) == unknown ]]
  clinic outbox confirm "$(sent)"
  clinic verify
}

@test "killed between handing over and the answer: unknown, and the file is not left" {
  # shellcheck disable=SC2016
  ready 'echo $$ >'"$BATS_TEST_TMPDIR"'/program; exec sleep 600'
  number
  renkei --db clinic.db --clock "$now" outbox run -y 3>&- &
  pid=$!
  for _ in $(seq 100); do [[ -s program ]] && break; sleep 0.1; done
  run ! --separate-stderr send
  [[ $status -eq 5 && $stderr == *CS166* ]]
  [[ $(state) == handing-over ]]
  kill -KILL "$pid" "$(cat program)"
  wait "$pid" || true
  run ! kill -0 "$pid"
  [[ $(find clinic.db-outbox -name '*.tiff' | wc -l) -eq 1 ]]
  send --format json | jq -e '.handed_over[0].result == "unknown"'
  [[ $(state) == unknown && $(ls clinic.db-outbox) == lock && $(grep -c '^-n$' "$calls") -eq 1 ]]
  proof '.answer == "interrupted"'
  clinic verify
}

@test "pages are compared: with what the program reports, and with what a person reports" {
  ready 'echo "request id is 1"; echo "1 pages"'
  number
  # shellcheck disable=SC2016
  clinic -q config set fax.pages '([0-9]+) pages'
  run --separate-stderr send
  pages=$(clinic outbox show "$(sent)" --format json | jq '.deliveries[-1].pages')
  if [[ $pages -ne 1 ]]; then [[ $status -eq 7 && $stderr == *CS165* && $(state) == unknown ]]; fi
  clinic -q outbox fail "$(sent)"
  clinic -q outbox retry "$(sent)"
  sendfax "echo $pages pages"
  send
  run ! --separate-stderr clinic outbox confirm "$(sent)" --pages $((pages + 1))
  [[ $status -eq 7 && $stderr == *CS165* && $(state) == unknown ]]
  proof ".reported == $((pages + 1))"
  run ! --separate-stderr clinic outbox confirm "$(sent)" --pages $((pages + 1))
  [[ $(state) == unknown ]]
  clinic outbox confirm "$(sent)" --pages "$pages"
  clinic verify
}

@test "only an administrator says which program, and only what can be one" {
  make_clinic
  clinic -q operator add "$other" --roles member_institution
  refused 4 as 1 config set fax.command '/usr/bin/sendfax -d {number} {file}'
  for value in 'sendfax -d {number} {file}' '/usr/bin/sendfax {file}' '/usr/bin/sendfax {number}' \
    '/usr/bin/sendfax {number} {file} {name}' '/usr/bin/{number} {file}' ''; do
    refused 6 clinic config set fax.command "$value"
    [[ $stderr == *CS158* ]]
  done
  refused 6 clinic config set fax.tries 0
  refused 6 clinic config set fax.timeout 1h
  refused 6 clinic config set fax.format doc
  refused 6 clinic config set fax.busy '75 busy'
  refused 6 clinic config set fax.job '('
  refused 6 clinic config set fax.job 'request'
  refused 6 clinic config set fax.number 0466-00-0000
  [[ $stderr == *CS159*fax.command* ]]
  clinic config set fax.format pdf
  clinic config set fax.format --forget
}

@test "a program that is missing, or that others can change, is not run" {
  ready
  number
  chmod 775 sendfax
  refused 1 send
  [[ $stderr == *CS161* && $(state) == queued ]]
  rm sendfax
  refused 1 send
  [[ $(state) == queued ]]
  printf '#!/nonexistent/shell\n' >sendfax
  chmod 755 sendfax
  run ! --separate-stderr send
  [[ $stderr == *"not started"* && $(state) == failed ]]
  clinic -q config set fax.command --forget
  refused 2 send
  [[ $stderr == *CS160* ]]
  clinic verify
}

@test "as PDF, if the office says so; and what has left cannot be taken back" {
  ready
  number
  clinic -q config set fax.format pdf
  send
  [[ $(head -c 5 taken) == %PDF- ]]
  proof '.pages >= 1'
  refused 4 clinic undo R8-0001 --why 誤り
}

@test "a cover sheet goes first if the office says so, counts as a page, and tells nothing personal" {
  ready
  number
  clinic -q config set fax.format pdf
  send
  before=$(pdfinfo taken | sed -n 's/^Pages: *//p')
  proof ".pages == $before"
  clinic -q outbox fail "$(sent)"
  clinic -q outbox retry "$(sent)"
  refused 6 clinic config set fax.cover maybe
  clinic -q config set fax.cover yes
  send
  [[ $(pdfinfo taken | sed -n 's/^Pages: *//p') -eq $((before + 1)) ]]
  proof ".pages == $((before + 1))"
  cover=$(pdftotext -l 1 -layout taken - | sed 's,[ 　],,g')
  for words in ＦＡＸ送信票 令和8年4月1日 藤沢市医師会（医師会事務局）御中 0466-00-0000 医療機関 example-clinic \
    "$((before + 1))枚（この送信票を含む）" 利用登録依頼書 R8-0001/FJ-2-1-1-; do
    [[ $cover == *"$words"* ]] || { echo "$cover"; false; }
  done
  [[ $cover != *1/1* ]] # of all pages it is one
  [[ ${cover,,} != *fax-cover* && $cover != *架空* && $cover != *カクウ* && $cover != *例示クリニック* ]]
  pdftotext -f 2 -l 2 taken - | sed 's,[ 　],,g' | grep -q 架空
  clinic -q outbox fail "$(sent)"
  clinic -q outbox retry "$(sent)"
  clinic -q config set fax.format tiff
  send
  [[ $(tiffinfo taken | grep -c '^TIFF Directory') -ge $((before + 1)) ]]
  proof ".pages == $(tiffinfo taken 2>/dev/null | grep -c 'Image Width')"
  clinic verify
}

@test "a FAX says in the head of each page who sent it, in the resolution and the coding that the office wants" {
  ready
  number
  again() {
    clinic -q outbox fail "$(sent)"
    clinic -q outbox retry "$(sent)"
    send
  }
  send
  cp taken plain
  again
  cmp taken plain
  [[ $(tiffinfo taken) == *"Group 4"* && $(tiffinfo taken) == *"Image Length: 2287"* ]]
  refused 6 clinic config set fax.sender "$(printf '%41s' x)"
  refused 6 clinic config set fax.sender "$(printf 'a\nb')"
  clinic -q config set fax.sender '例示クリニック 0466-00-1111'
  again
  run ! cmp -s taken plain
  [[ $(tiffinfo taken | grep -c 'Image Length') -eq $(tiffinfo plain | grep -c 'Image Length') ]]
  # It stands in the uppermost 7 mm, where there was nothing: as wide as its words.
  head_of() { tiff2pdf "$1" | pdftoppm -r 72 -l 1 -x 0 -y 8 -W 400 -H 10 -gray - | tail -c +15 | LC_ALL=C tr -d '\200-\377' | wc -c; }
  [[ $(head_of plain) -eq 0 && $(head_of taken) -gt 300 ]]
  refused 6 clinic config set fax.resolution coarse
  refused 6 clinic config set fax.coding g5
  clinic -q config set fax.resolution standard
  clinic -q config set fax.coding g3-2d
  again
  [[ $(tiffinfo taken) == *"Group 3"* && $(tiffinfo taken) == *"Image Length: 1143"* ]]
  clinic -q config set fax.format pdf
  clinic -q config set fax.cover yes
  again
  [[ $(pdftotext -l 1 -layout taken - | sed 's,[ 　],,g') == *例示クリニック0466-00-1111* ]]
  clinic verify
}

@test "a drop folder is what it was" {
  ready
  clinic outbox run --folder drop -y --format json | jq -e '.handed_over[0].result == "handed-over"'
  [[ $(find drop -name '*.tiff' | wc -l) -eq 1 && $(find drop -name '*.pdf' | wc -l) -eq 1 && ! -e $calls ]]
  proof '.by == "folder" and .pages >= 1 and .number == null'
  clinic verify
}

@test "another try has a file of its own, and the earlier one stays as it is" {
  ready
  clinic -q outbox run --folder drop -y
  first=$(find drop -name '*.tiff')
  echo taken >"$first"
  clinic -q outbox fail "$(sent)"
  clinic -q outbox retry "$(sent)"
  clinic outbox run --folder drop -y --format json | jq -e '.handed_over[0].result == "handed-over"'
  [[ $(cat "$first") == taken && -s ${first%.tiff}-2.tiff && -s ${first%.tiff}-2.pdf ]]
}

@test "the dry run tells what would be handed over" {
  ready
  clinic -n outbox run --folder drop -y --format json |
    jq -e --arg id "$(sent)" '.handed_over | any(.id == $id and .result == "queued")'
  [[ $(state) == queued && ! -e drop ]]
}

@test "what cannot be so is refused: no pages, a state that there is not, what is settled" {
  ready
  clinic -q outbox run --folder drop -y
  for pages in 0 -1; do refused 2 clinic outbox confirm "$(sent)" --pages $pages; done
  [[ $(state) == handed-over ]]
  refused 2 clinic outbox list --state nonsense
  [[ $stderr == *by-hand*cancelled* ]]
  clinic outbox list --state queued
  id=$(sent)
  clinic -q outbox fail "$id"
  clinic -q outbox cancel "$id"
  for words in "address $id 例示" "cancel $id"; do
    # shellcheck disable=SC2086
    refused 4 clinic outbox $words
    [[ $stderr == *CS236* ]]
  done
}

@test "the proof goes when its case is disposed of; the address book stays" {
  ready 'echo proof-of-sending-4711; exit 0'
  number
  clinic -q config set retention.fujisawa-member-registration P5Y
  send
  grep -q proof-of-sending-4711 clinic.db clinic.db-wal
  clinic outbox list --format json | jq -r '.outbox[].id' | while read -r one; do clinic -q outbox confirm "$one"; done
  clinic -q do R8-0001 member.denied
  at 2032-04-01T09:00
  disposal=$(clinic -q dispose propose R8-0001)
  as 1 -q dispose approve "$disposal"
  at 2032-04-15T09:00
  clinic -q -y dispose run "$disposal"
  run ! grep -q proof-of-sending-4711 clinic.db
  clinic contact list --format json | jq -e '.contacts[0].fax == "0466-00-0000"'
  clinic verify
}

@test "a deadline that sends a paper which cannot be drawn takes effect, tells it, and holds up no other case" {
  make_clinic
  cat >late.scxml <<END
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="late" initial="waits" rk:title="催促">
  <rk:procedure municipality="fujisawa"><rk:role id="member_institution" title="医療機関"/>
    <rk:role id="association" title="医師会"/><rk:uses form="fj-2-1"/></rk:procedure>
  <state id="waits" rk:title="待つ">
    <rk:deadline after="P7D" event="timer.late" title="期限"/>
    <transition event="timer.late" target="told" rk:title="催促を送る">
      <rk:send-paper form="fj-2-1" from="member_institution" to="association" channel="fax"/>
    </transition>
  </state>
  <state id="told" rk:title="催促済み"><transition event="answered" target="end" rk:by="association" rk:title="返答"/></state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
  clinic -q workflow install late.scxml
  clinic -q form approve fj-2-1
  for case in R8-0001 R8-0002 R8-0003; do
    clinic -q new late
    request_text | clinic -q form fill "$case" fj-2-1 -
  done
  request_text | sed 's/^corp_name = .*/corp_name = 医療𓀀会/' | clinic -q form fill R8-0001 fj-2-1 -
  request_text | sed 's/^corp_name = .*/corp_name = 医療𓀀会/' | clinic -q form fill R8-0003 fj-2-1 -
  at 2026-04-20T09:00
  # A person who enters something first is told, and may.
  run --separate-stderr clinic do R8-0003 answered
  [[ $status -eq 0 && $stderr == *RN067*CS256*R8-0003* ]]
  run --separate-stderr clinic --format json tick
  echo "$status $output $stderr"
  [[ $status -eq 7 && $stderr == *RN067*RN066*R8-0001*CS256* && $stderr != *"R8-0002"* ]]
  jq -e '[.fired[] | select(.event == "timer.late") | .case] == ["R8-0001", "R8-0002"]' <<<"$output"
  clinic outbox list --format json | jq -e '[.outbox[] | .case, .state] == ["R8-0003", "queued", "R8-0001", "queued", "R8-0002", "queued"]'
  clinic tick
  run ! clinic -q outbox run --folder out -y
  clinic outbox list --format json | jq -e '[.outbox[] | select(.answer == "not made: RN067") | .case] == ["R8-0003", "R8-0001"]'
  clinic verify
}
