#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2016,SC2154
# Japanese and English, in whatever locale the terminal has.
load cli
setup() { cli_setup; }

@test "the locale C and none at all give English and whole kanji" {
  make_association
  open_case association
  for locale in C POSIX C.UTF-8 ""; do
    LC_ALL=$locale run renkei --db association.db list
    [[ $status -eq 0 && $output == *Concerns* && $output == *例示クリニック* ]]
  done
}

@test "a Japanese locale gives Japanese even where it was never generated" {
  for locale in ja_JP.UTF-8 ja_JP.eucJP; do
    LC_ALL=$locale run renkei --help
    [[ $output == *使い方* ]]
  done
  unset LC_ALL
  LANG=ja_JP.UTF-8 run renkei --help
  [[ $output == *使い方* ]]
}

@test "--lang switches both ways" {
  LC_ALL=C run renkei --lang ja --help
  [[ $output == *使い方* ]]
  LC_ALL=ja_JP.UTF-8 run renkei --help --lang=en
  [[ $output == *Usage* ]]
}

# narrow COLUMNS WORD…: what the program shows on a terminal that is so wide.
narrow() {
  script -qec "stty cols $1 rows 50; renkei --db association.db ${*:2}" /dev/null | tr -d '\r'
}

@test "on a narrow terminal wide columns are folded between words, and nothing is cut off" {
  command -v script >/dev/null || skip "no script(1) here"
  make_association
  open_case association
  for columns in 60 72 80; do
    shown=$(narrow "$columns" list)
    echo "$shown"
    [[ $(wc -L <<<"$shown") -le $columns ]]
    for word in R8-0001 The request is being written Medical institution '(association' 'member)'; do
      [[ $shown == *"$word"* ]]
    done
  done
  [[ $shown == *例示クリニック* ]]
  shown=$(narrow 60 --lang ja show R8-0001)
  [[ $(wc -L <<<"$shown") -le 60 ]]
  whole=$(association --lang ja show R8-0001 --format json | jq -r '.papers[0].title')
  [[ $(tr -d ' \n' <<<"$shown") == *"${whole:0:8}"* && $shown != *$'\n'*' 」'* ]]
  # No terminal, nothing folded.
  [[ $(association list | wc -l) -eq 2 ]]
}

@test "refusals and titles follow the language; JSON keys do not" {
  make_association
  open_case association
  run --separate-stderr association --lang ja do R8-0001 member.confirmed
  [[ $status -eq 4 && $stderr == *できること* ]]
  diff <(association --lang ja list --format json | jq 'walk(if type == "object" then keys else . end)') \
    <(association --lang en list --format json | jq 'walk(if type == "object" then keys else . end)')
  [[ $(association --lang ja show R8-0001) == *依頼書の作成* ]]
  [[ $(association --lang en show R8-0001) == *"The request is being written"* ]]
  [[ $(association --lang ja show R8-0001) == *医療機関（医師会会員）* ]]
  [[ $(association --lang en show R8-0001) == *"Medical institution (association member)"* ]]
}

@test "every message is translated, with all its placeholders" {
  run msgfmt --check --statistics -o /dev/null "$RENKEI_SRCDIR/po/ja.po"
  [[ $status -eq 0 && $output != *untranslated* && $output != *fuzzy* ]]
  cd "$RENKEI_SRCDIR"
  # shellcheck disable=SC2046
  xgettext --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ -o "$BATS_TEST_TMPDIR/all.pot" \
    $(grep -lE '\b(N_|_)\(' engine/*/*.c engine/base/*.def renderers/*.c renderers/fo/*.c)
  run msgcmp --use-untranslated po/ja.po "$BATS_TEST_TMPDIR/all.pot"
  echo "$output"
  [[ $status -eq 0 ]]
}
