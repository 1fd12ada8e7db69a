#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A consent that is withdrawn stops what has not left yet.
load cli
setup() {
  cli_setup
  cat >sharing.scxml <<'END'
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rk="urn:renkei:workflow:1" version="1.0"
       datamodel="xpath" name="sharing" initial="open" rk:title="共有の手続">
  <rk:procedure municipality="fujisawa">
    <rk:role id="member_institution" title="医療機関"/><rk:role id="association" title="医師会"/>
    <rk:role id="vendor" title="提供者"/>
    <rk:uses form="fj-2-1"/>
  </rk:procedure>
  <datamodel>
    <data id="place" rk:title="場所" rk:input="required" rk:public="yes"/>
    <data id="patient" rk:title="氏名" rk:input="required" rk:type="name" rk:identifies="name"/>
    <data id="birth_date" rk:title="生年月日" rk:input="required" rk:type="date" rk:identifies="birth"/>
  </datamodel>
  <state id="open" rk:title="受付">
    <transition event="explained" rk:by="member_institution">
      <rk:record register="consent" keyexpr="rk:key($place, $patient, $birth_date)" state="not-asked"/>
      <rk:record register="consent" keyexpr="rk:key($place, $patient, $birth_date)" state="explained"/>
    </transition>
    <transition event="consented" rk:by="member_institution">
      <rk:record register="consent" keyexpr="rk:key($place, $patient, $birth_date)" state="given"/>
    </transition>
    <transition event="shared" rk:by="member_institution">
      <rk:require test="rk:register('consent', rk:key($place, $patient, $birth_date)) = 'given'" message="同意がありません"/>
      <rk:send-paper form="fj-2-1" to="association" channel="fax"/>
    </transition>
    <transition event="withdrawn" rk:by="member_institution">
      <rk:record register="consent" keyexpr="rk:key($place, $patient, $birth_date)" state="withdrawn"/>
      <rk:send-paper form="fj-2-1" to="vendor" channel="fax"/>
    </transition>
    <transition event="told" rk:by="member_institution">
      <rk:send-paper form="fj-2-1" to="vendor" channel="fax"/>
    </transition>
    <transition event="closed" target="end" rk:by="member_institution"/>
  </state>
  <final id="end" rk:title="終了" rk:result="completed"/>
</scxml>
END
  make_clinic
  clinic -q workflow install sharing.scxml
  clinic -q form approve fj-2-1
  case_of 1 例示クリニック '例示 一郎'
}
# case_of NUMBER PLACE NAME: the consent is there, a paper waits to go out.
case_of() {
  printf 'place = %s\npatient = %s\nbirth_date = 1950-03-01\n' "$2" "$3" | clinic -q new sharing --values -
  request_text | clinic -q form fill "R8-000$1" fj-2-1 -
  # The same consent may be another case's already.
  clinic -q do "R8-000$1" consented || true
  clinic -q do "R8-000$1" shared
}
outbox() { clinic outbox list --format json | jq -r "[.outbox[] | $1] | join(\" \")"; }
send() { run --separate-stderr clinic outbox run --folder drop -y; }
gone() { sqlite3 clinic.db "SELECT group_concat(c.number || t.recipient, ' ') FROM (SELECT * FROM transmission ORDER BY rowid) t JOIN case_record c ON c.id = t.case_id WHERE t.state = 'handed-over'"; }

@test "what waits is held back and says why; the notice of the withdrawal goes" {
  clinic --format json do R8-0001 withdrawn >done.json
  jq -e 'tostring | contains("withheld")' done.json
  [[ $(outbox '"\(.to)=\(.state)/\(.withheld)"') == "association=queued/R8-0001 vendor=queued/null" ]]
  send
  [[ $status -eq 7 && $stderr == *CS112*R8-0001* && $stderr == *"outbox cancel"* && $stderr != *一郎* ]]
  [[ $(gone) == R8-0001vendor ]]
  # Nor the next time, nor by the clock.
  send
  clinic -q tick
  [[ $status -eq 7 && $(gone) == R8-0001vendor ]]
  clinic verify
  clinic -q outbox cancel "$(clinic outbox list --state queued --format json | jq -r '.outbox[0].id')"
  send
  [[ $status -eq 0 ]]
  clinic verify
}

@test "what is sent after it goes, and what a person sends all the same is recorded" {
  clinic -q do R8-0001 withdrawn
  clinic -q do R8-0001 told
  send
  [[ $(gone) == "R8-0001vendor R8-0001vendor" ]]
  clinic -q outbox confirm "$(clinic outbox list --state queued --format json | jq -r '.outbox[0].id')" --why 本人の希望で郵送
  clinic verify
}

@test "other cases of the same person are held back, open or closed; those of others are not" {
  case_of 2 例示クリニック '例示　一郎'
  clinic -q do R8-0002 closed
  case_of 3 例示クリニック '例示 一郎太'
  # Another place has a consent of its own.
  case_of 4 例示薬局 '例示 一郎'
  clinic -q do R8-0001 withdrawn
  [[ $(outbox '"\(.case)=\(.withheld)"') == "R8-0001=R8-0001 R8-0002=R8-0001 R8-0003=null R8-0004=null R8-0001=null" ]]
  send
  [[ $status -eq 7 && $stderr == *CS112*R8-0001*CS112*R8-0002* ]]
  [[ $(gone | tr ' ' '\n' | sort | paste -sd' ') == "R8-0001vendor R8-0003association R8-0004association" ]]
  clinic verify
}

@test "when consent is given anew it goes; when the withdrawal was a mistake it goes, too" {
  clinic -q do R8-0001 withdrawn
  clinic -q -y undo R8-0001 --why 別の患者さんだった
  [[ $(outbox '"\(.to)=\(.withheld)"') == "association=null" ]]
  clinic verify
  clinic -q do R8-0001 withdrawn
  clinic -q do R8-0001 explained
  # It was explained again, and not given.
  [[ $(outbox '"\(.to)=\(.withheld)"') == "association=R8-0001 vendor=null" ]]
  clinic -q do R8-0001 consented
  [[ $(outbox '"\(.to)=\(.withheld)"') == "association=null vendor=null" ]]
  send
  [[ $status -eq 0 && $(gone) == "R8-0001association R8-0001vendor" ]]
  clinic verify
}

@test "a rehearsal withholds nothing, and a case without a waiting paper has nothing to withhold" {
  clinic -q -n do R8-0001 withdrawn
  clinic do R8-0001 >/dev/null
  [[ $(outbox '"\(.to)=\(.withheld)"') == "association=null" ]]
  send
  [[ $status -eq 0 && $(gone) == R8-0001association ]]
  clinic -q do R8-0001 withdrawn
  send
  [[ $status -eq 0 && $(gone) == "R8-0001association R8-0001vendor" ]]
  clinic verify
}

@test "a withdrawal that the office itself writes down holds back as well" {
  clinic -q register consent '例示クリニック / 例示 一郎 / 1950-03-01' --set withdrawn --why ご家族から書面
  [[ $(outbox '"\(.to)=\(.withheld)"') == "association=-" ]]
  send
  [[ $status -eq 7 && $stderr == *CS112* && -z $(gone) ]]
  clinic verify
  clinic -q do R8-0001 explained
  clinic -q do R8-0001 consented
  send
  [[ $status -eq 0 && $(gone) == R8-0001association ]]
  clinic verify
}

@test "an entry that no case wrote tells by its fields whom it is about" {
  key='例示薬局 / 例示 二郎 / 1950-03-01'
  clinic -q register consent "$key" --set given --why 導入前 --field 'patient=例示 二郎' --field birth_date=1950-03-01
  printf 'place = 例示薬局\npatient = 例示 二郎\nbirth_date = 1950-03-01\n' | clinic -q new sharing --values -
  request_text | clinic -q form fill R8-0002 fj-2-1 -
  clinic -q do R8-0002 shared
  clinic -q register consent "$key" --set withdrawn --why ご家族から書面
  [[ $(outbox '"\(.case)=\(.withheld)"') == "R8-0001=null R8-0002=-" ]]
  clinic verify
}

@test "what is noted of it goes with the case" {
  clinic -q operator add daemon --name 例示職員 --roles member_institution
  clinic -q config set retention.sharing P5Y
  clinic -q do R8-0001 withdrawn
  clinic outbox list --format json | jq -r '.outbox[].id' | while read -r id; do clinic -q outbox cancel "$id"; done
  clinic -q do R8-0001 closed
  grep -aq '例示 一郎' <(sqlite3 clinic.db "SELECT fields FROM register_history WHERE name = 'withheld'")
  at 2032-04-01T09:00
  id=$(clinic -q dispose propose R8-0001)
  SUDO_UID=1 clinic -q dispose approve "$id"
  at 2032-04-15T09:00
  clinic -q -y dispose run "$id"
  clinic verify
  run ! grep -aE '例示 ?一郎' clinic.db clinic.db-wal
}
