#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# Hostile files and names at the doors of the program, and what the process keeps to itself.
load cli
setup() { cli_setup; }

scxml() {
  cat <<END
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="xpath" initial="a">
$1
</scxml>
END
}

@test "a file that names other files or entities is refused and shows nothing of them" {
  echo geheim >secret.txt
  printf '<!DOCTYPE scxml [<!ENTITY x SYSTEM "file://%s/secret.txt">]>\n' "$PWD" >xxe.scxml
  scxml '<state id="a"><onentry><log expr="1" label="&x;"/></onentry></state>' >>xxe.scxml
  echo "<!DOCTYPE scxml SYSTEM \"file://$PWD/secret.txt\">" >dtd.scxml
  scxml '<state id="a"/>' >>dtd.scxml
  {
    echo '<!DOCTYPE scxml [<!ENTITY a "aaaaaaaaaa">'
    for i in b:a c:b d:c e:d f:e g:f h:g i:h j:i; do
      n=${i#*:}
      echo "<!ENTITY ${i%:*} \"&$n;&$n;&$n;&$n;&$n;&$n;&$n;&$n;&$n;&$n;\">"
    done
    echo ']>'
    scxml '<state id="a"><onentry><log label="&j;" expr="1"/></onentry></state>'
  } >bomb.scxml
  for file in xxe dtd bomb; do
    refused 6 renkei workflow check $file.scxml
    [[ $stderr != *geheim* && $output != *geheim* ]]
  done
  scxml "<state id='a'><onentry><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='secret.txt' parse='text'/></onentry></state>" >xi.scxml
  run renkei workflow simulate xi.scxml
  [[ $output != *geheim* ]]
}

@test "twenty thousand attributes and thousands of levels are refused at once" {
  scxml "<state id='a' $(printf "a%d='1' " $(seq 20000))/>" >wide.scxml
  refused 6 timeout 20 renkei workflow check wide.scxml
  scxml "$(printf '<state>%.0s' $(seq 5000))" >deep.scxml
  refused 6 timeout 20 renkei workflow check deep.scxml
}

@test "an expression without end is an error, not a hang" {
  scxml "<datamodel><data id='d'>$(printf '<x/>%.0s' $(seq 1000))</data></datamodel>
    <state id='a'><transition event='e' cond='count(//*[count(//*[count(//*) &gt; 0]) &gt; 0]) = 0' target='b'/></state>
    <final id='b'/>" >xpath.scxml
  run timeout 20 renkei workflow simulate xpath.scxml --events e
  [[ $status -ne 124 && $status -ne 0 ]]
}

@test "a name that climbs out of its folder names nothing" {
  make_association
  open_case association
  refused 3 renkei --db a.db init --office a --municipality ../fujisawa --roles association
  refused 3 renkei --db a.db init --office a --municipality /etc --roles association
  refused 3 renkei form blank ../../../etc/passwd -o a.pdf
  refused 3 renkei form blank fujisawa/../../x -o a.pdf
  refused 3 association form print R8-0001 ../fj-3 -o a.pdf
  refused 3 association new ../fujisawa-member-registration
  [[ ! -e a.pdf && ! -e a.db ]]
}

@test "files are private whatever the umask, and no core is dumped" {
  umask 000
  make_association
  open_case association
  association checkpoint -o mark.txt
  association form blank fj-3 -o blank.pdf
  mkdir copies
  chmod 700 copies
  association db backup --to copies
  association export R8-0001 -o out
  [[ -z $(find association.db* mark.txt blank.pdf copies/* out \( -type f -perm /077 -o -type d -perm /077 \)) ]]
  mkfifo words
  renkei --db association.db --clock "$now" note R8-0001 - <words &
  exec 7>words
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    limits=$(cat /proc/$!/limits 2>/dev/null || true)
    [[ $limits =~ "Max core file size"\ +0\ +0 ]] && break
    sleep 0.2
  done
  [[ $limits =~ "Max core file size"\ +0\ +0 ]]
  echo x >&7
  exec 7>&-
  wait $!
}

@test "what is typed for a case, an event or an id does not get into the access log" {
  make_clinic
  open_case clinic
  for words in 'log 鬼頭慧太' 'do 鬼頭慧太' 'custody 鬼頭慧太' 'do R8-0001 鬼頭慧太' 'do R8-0001 Keita' 'do 鬼頭慧太 Keita' \
    'outbox show 鬼頭慧太' 'tray show 鬼頭慧太' 'dispose show 鬼頭慧太' 'form show R8-0001 鬼頭慧太' 'undo 鬼頭慧太 --why x' \
    'note 鬼頭慧太 x' 'new 鬼頭慧太' 'register 鬼頭慧太' 'export 鬼頭慧太 -o out' 'show 鬼頭慧太'; do
    # shellcheck disable=SC2086
    run clinic -y $words
    echo "$words: $status"
  done
  refused 4 clinic do R8-0001 member.confirmed
  sqlite3 clinic.db "SELECT action, case_number, detail, result FROM access_log" >log
  cat log
  run ! grep -E '鬼頭|Keita' log
  # The attempts stand there all the same; and what does exist, by its name.
  [[ $(grep -c '?' log) -ge 8 ]]
  grep -q 'event|R8-0001||4' log
  grep -q 'member.confirmed|R8-0001||4' log
  clinic verify
}

@test "verify names what is wrong in a register without its key, which may be a person's" {
  make_clinic
  printf 'institution = 例示クリニック\npatient = 鬼頭 慧太\nbirth_date = 昭和22年5月9日\n' |
    clinic -q new fujisawa-patient-consent --values -
  clinic -q do R8-0001 consent.explained
  sqlite3 clinic.db "UPDATE register_entry SET state = 'granted' WHERE name = 'consent'"
  refused 1 clinic verify
  [[ $stderr == *CS051*consent*example-clinic* && $stderr != *鬼頭* && $stderr != *1947* ]]
}

@test "verify misses any file of a procedure that was ever installed; a case, only what it works with" {
  make_clinic
  open_case clinic
  { cat "$RENKEI_DATADIR/workflows/fujisawa/id-stop.scxml" && echo '<!-- changed -->'; } >id-stop.scxml
  clinic -q workflow install id-stop.scxml
  clinic -q verify
  for path in workflows/fujisawa/id-stop.scxml xsl/form-html.xsl; do
    hash=$(sha256sum "$RENKEI_DATADIR/$path" | cut -d ' ' -f 1)
    sqlite3 clinic.db "DELETE FROM blob WHERE hash = x'$hash'"
    clinic show R8-0001
    refused 1 clinic verify
    [[ $stderr == *CS002*$hash* ]]
  done
  refused 10 clinic export R8-0001 -o out
  [[ $stderr == *CS002*$hash* && ! -e out ]]
}
