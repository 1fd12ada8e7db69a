#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# The handbook of Nagareyama: what its procedures do with papers, held against lists copied from the
# handbook by hand; and its main line from registration to deletion run with the commands.
load cli
setup() {
  cli_setup
  expect=$RENKEI_SRCDIR/tests/expect/nagareyama-papers.tsv
}

rows() { awk -F'\t' -v kind="$1" '$1 == kind' "$expect"; }
office() { renkei --db "$BATS_TEST_TMPDIR/office.db" --clock "$now" "$@"; }
city() { renkei --db "$BATS_TEST_TMPDIR/city.db" --clock "$now" "$@"; }
make_office() { office -q init --office example-office --municipality nagareyama --roles system_user --exercise; }
make_city() { city -q init --office example-city --municipality nagareyama --roles city --exercise; }

form_1() {
  cat <<'END'
application_date = 2026-04-01
applicant_name_kana = レイジカイ
applicant_name = 例示会
rep_name_kana = カクウ ジロウ
rep_name = 架空 次郎
corp_postal_code = 270-0000
corp_address = 千葉県流山市例示町1-1
corp_phone = 04-7100-0000
office_name = 例示居宅介護支援
office_postal_code = 270-0000
office_address = 千葉県流山市例示町1-1
care_office_number = 1200000000
service_class = 居宅介護支援
office_manager_name = 架空 太郎
office_email = info@office.example
office_phone = 04-7100-0000
own_contract = 無
users[1].name_kana = かくう たろう
users[1].name = 架空 太郎
users[1].occupation = 介護支援専門員
users[1].is_system_officer = yes
END
  for n in 01 02 03 04 05 06 07 08 09 10 11 12; do echo "pledge_$n = yes"; done
  echo 'pledger_name = 架空 太郎'
}
room_values() { printf 'subject = 例示 一郎\nbirth_date = 昭和25年3月1日\ninstitution = 例示居宅介護支援\n'; }

@test "papers go as the handbook says, and nowhere else" {
  renkei --format jsonl workflow test --papers "$RENKEI_SRCDIR/workflows/nagareyama" >seen.jsonl
  jq -r 'select(.what == "moves") | [.form, .from, .to, .channel] | @tsv' seen.jsonl | sort >went
  diff <(rows moves | cut -f2-5 | sort) went
}

@test "papers lie where the handbook keeps them, and with whom they were sent to" {
  renkei --format jsonl workflow test --papers "$RENKEI_SRCDIR/workflows/nagareyama" >seen.jsonl
  jq -r 'select(.what == "lies") | [.form, .from, .to] | @tsv' seen.jsonl | sort >lies
  rows kept | cut -f2-4 | sort >held
  [[ -z $(comm -23 held lies) ]]
  # What else lies about was made by the line on the way, or stays with who wrote it.
  comm -13 held lies >others
  rows moves | cut -f2,4 >ways
  while IFS=$'\t' read -r form kind holder; do
    case $kind in
    fax | copy) grep -qx "$form	$holder" ways ;;
    original) [[ $holder == system_user && $form != ng-consent ]] ;;
    *) false ;;
    esac
  done <others
  rows never | cut -f2,4 >nowhere
  while read -r form whom; do
    run ! grep "^$form	[a-z]*	$whom\$" lies
  done <nowhere
}

@test "an office registers: form, pledge, way and actor are asked for, then it waits for its ID" {
  make_office
  office -q new nagareyama-registration --set institution=例示居宅介護支援
  refused 4 office do R8-0001 application.submitted --set channel=email --set applicant_kind=corporation
  [[ $stderr == *ng-1* ]]
  form_1 | grep -v 'pledge_07\|is_system_officer' | office -q form fill R8-0001 ng-1 -
  refused 4 office do R8-0001 application.submitted --set channel=email --set applicant_kind=corporation
  [[ $stderr == *⑦* ]]
  form_1 | grep -v is_system_officer | office -q form fill R8-0001 ng-1 -
  refused 4 office --lang ja do R8-0001 application.submitted --set channel=email --set applicant_kind=corporation
  [[ $stderr == *システム利用管理担当者* ]]
  form_1 | office -q form fill R8-0001 ng-1 -
  refused 6 office do R8-0001 application.submitted --set channel=hand --set applicant_kind=corporation
  [[ $stderr == *channel* ]]
  refused 4 office do R8-0001 application.submitted --as city --set channel=email --set applicant_kind=corporation
  refused 4 office --lang ja do R8-0001 application.submitted --set channel=email --set applicant_kind=sole-proprietor
  [[ $stderr == *関係団体* ]]
  office do R8-0001 application.submitted --set channel=email --set applicant_kind=corporation
  office outbox list --format json | jq -e '.outbox[0].channel == "email" and .outbox[0].form == "ng-1"'
  office form print R8-0001 ng-1 -o one.pdf
  pdftotext one.pdf - | grep -q '誓約事項'
  refused 4 office do R8-0001 id.notified
  office verify
}

@test "the city plays the main line: registration, consent, room, deletion" {
  make_city
  city -q new nagareyama-registration --set institution=例示居宅介護支援
  refused 4 city do R8-0001 application.submitted --set applicant_kind=corporation --set channel=email --received ng-1 --channel hand
  [[ $stderr == *CS028* ]]
  city do R8-0001 application.submitted --set applicant_kind=corporation --set channel=kanamic-message --received ng-1
  form_1 | city -q form fill R8-0001 ng-1 -
  for event in review.passed issue.requested id.issued id.notified; do city do R8-0001 "$event"; done
  printf 'person = 架空 太郎\nterminal = PC 1\n' | city do R8-0001 certificate.installed --values -
  city show R8-0001 --format json | jq -e '.case.closed != null'
  city register user_account --format json | jq -e '.entries[0].state == "active"'
  # 同意書は郵送または窓口
  room_values | city -q new nagareyama-consent --values -
  consent=$(city list --format json | jq -r '[.cases[] | select(.procedure == "nagareyama-consent")][0].number')
  city do "$consent" consent.explained
  city do "$consent" consent.signed --set signed_by=subject --set family_data=no --set family_signed=no
  city do "$consent" copy.given
  refused 4 city --lang ja do "$consent" original.filed --set channel=fax
  [[ $stderr == *郵送または窓口* ]]
  refused 4 city do "$consent" original.filed --set channel=fax --received ng-consent
  city do "$consent" original.filed --set channel=post --received ng-consent
  city custody --format json | jq -e '[.custody[] | select(.form == "ng-consent") | [.kind, .holder]] | sort == [["copy", "subject"], ["original", "city"]]'
  # 部屋
  { room_values; echo 'applicant = 架空 太郎'; } | city -q new nagareyama-room-opening --values -
  room=$(city list --format json | jq -r '[.cases[] | select(.procedure == "nagareyama-room-opening")][0].number')
  city do "$room" application.submitted --set channel=counter --received ng-4
  { printf 'application_date = 2026-04-01\nsubject_name = 例示 一郎\n'; printf 'participants[1].%s\n' 'name = 例示 花' 'occupation = 家族' 'office_name = 例示居宅介護支援'; } |
    city -q form fill "$room" ng-4 -
  refused 4 city --lang ja do "$room" subject.eligible --set residence=citizen --set at_home=yes --set institutions=2
  [[ $stderr == *本人や家族* ]]
  printf 'participants[1].%s\n' 'name = 架空 太郎' 'occupation = 介護支援専門員' | city -q form fill "$room" ng-4 -
  refused 4 city --lang ja do "$room" subject.eligible --set residence=citizen --set at_home=yes --set institutions=1
  [[ $stderr == *２か所以上* ]]
  city do "$room" subject.eligible --set residence=citizen --set at_home=yes --set institutions=2
  city do "$room" room.created
  city do "$room" participants.invited
  city register participant --format json | jq -e '[.entries[] | select(.state == "invited")] | length == 2'
  # 退職
  city -q new nagareyama-user-deletion --set institution=例示居宅介護支援
  stop=$(city list --format json | jq -r '[.cases[] | select(.procedure == "nagareyama-user-deletion")][0].number')
  city do "$stop" deletion.submitted --set channel=fax --set reason=retirement --received ng-2
  { form_1 | grep '^application_date\|^office\|^care\|^service'; printf 'users[1].%s\n' 'change_kind = 削除' 'name_kana = かくう たろう' 'name = 架空 太郎' 'occupation = 介護支援専門員'; } |
    city -q form fill "$stop" ng-2 -
  city do "$stop" deletion.requested
  city do "$stop" id.erased
  city register participant --format json | jq -e '[.entries[].state] | unique == ["removed"]'
  city register officer --format json | jq -e '.entries[0].state == "ended"'
  city verify
}

@test "the three transfers: inside the city by form 3, outside it and retirement by form 2" {
  make_office
  printf 'institution = 例示居宅介護支援\nperson = 架空 太郎\ndestination = 例示訪問介護\n' | office -q new nagareyama-transfer --values -
  printf '例示居宅介護支援 / 架空 太郎' | office -q register user_account - --set active --why 導入前
  printf '%s\n' 'application_date = 2026-04-01' 'applicant_name = 例示会' 'rep_name = 架空 次郎' 'office_name = 例示居宅介護支援' \
    'contact = 04-7100-0000' 'chg_user_name = yes' 'chg_user_office = yes' 'user_before = 甲' 'user_after = 乙' | office -q form fill R8-0001 ng-3 -
  refused 4 office --lang ja do R8-0001 change.submitted --set channel=email --set corporation=same --set place=outside-city
  [[ $stderr == *退職と同様* ]]
  refused 4 office --lang ja do R8-0001 change.submitted --set channel=email --set corporation=other --set place=in-city
  [[ $stderr == *同一法人内* ]]
  office do R8-0001 transfer.outside-city
  office show R8-0001 --format json | jq -e '.linked[0].procedure == "nagareyama-user-deletion"'
  office verify
}

@test "duties of the handbook are listed in its words" {
  make_city
  city duty list --format json | jq -e '[.duties[].kind] | unique | length == 6'
  city duty show nagareyama-lookups --format json | jq -e '.duty | length >= 4'
  city duty record nagareyama-content-review --why 連携の確認
  city log --format json | jq -e '.journal[-1].kind == "duty"'
}
