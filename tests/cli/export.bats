#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2154
# A case given out, and read without this program.
load cli
setup() {
  cli_setup
  make_clinic
  open_case clinic
  prepare_papers
  clinic -q --request-id fax-1 do R8-0001 request.faxed
}

# The chain checked by nothing but od, sha256sum and the shell: the header of every entry holds the
# hash of its content, and that of the entry before.
check_chain() (
  cd "$1/journal" || exit 1
  sha256sum --quiet -c SHA256SUMS || exit 1
  # field FILE NUMBER: a field of it in hex, from 0; "-" for an absent text.
  field() {
    local hex at=0 length
    hex=$(od -An -v -tx1 "$1" | tr -d ' \n')
    for ((i = 0; i <= $2; i++)); do
      [[ ${hex:at:16} == ffffffffffffffff ]] && { at=$((at + 16)); length=-1; continue; }
      length=$((16#${hex:at:16} * 2))
      at=$((at + 16 + length))
    done
    if ((length < 0)); then echo -; else echo "${hex:at-length:length}"; fi
  }
  previous=''
  for header in *.header; do
    number=${header%.header}
    [[ $(field "$header" 0) == "$(printf case-journal-v1 | od -An -tx1 | tr -d ' \n')" ]] || exit 2
    [[ $((16#$(field "$header" 2))) -eq $((10#$number)) ]] || exit 3
    [[ $(field "$header" 15) == "$(sha256sum <"$number.body" | cut -d' ' -f1)" ]] || exit 4
    own=$(sha256sum <"$header" | cut -d' ' -f1)
    [[ $own == "$(jq -r .hash "$number.json")" ]] || exit 5
    before=$(printf '%06d' $((10#$number - 1))).header
    [[ ! -e $before || $(field "$header" 1) == "$previous" ]] || exit 6
    previous=$own
  done
  [[ -n $previous ]]
)

@test "a bundle is complete, for its owner only, and needs nothing but a browser" {
  run --separate-stderr clinic --lang ja export R8-0001 -o out
  echo "$stderr"
  [[ $status -eq 0 && -z $output ]]
  [[ $(stat -c %a out) == 700 && -z $(find out -type f ! -perm 600) && -z $(find out -type d ! -perm 700) ]]
  (cd out && sha256sum --quiet -c SHA256SUMS && cd procedure && sha256sum --quiet -c SHA256SUMS)
  # Every value of the papers stands on the page, in Japanese, and nothing is fetched from elsewhere.
  for text in 医療法人例示会 'カクウ タロウ' 架空\ 花子 0466-00-0000 藤沢市医師会 書式3; do grep -q "$text" out/index.html; done
  run ! grep -E 'src=|https?://|<script' out/index.html
  xmllint --noout out/papers/*.xml
  [[ $(xmllint --xpath 'string(/values/corp_name)' out/papers/01-*.xml) == 医療法人例示会 ]]
  jq -e '.rows | length > 4' out/log.json
  # Every request under which something was entered, and what it was answered.
  [[ $(jq '.rows | length' out/requests.json) -eq $(jq '.rows | length' out/log.json) ]]
  jq -e '.rows[] | select(.id == "fax-1") | .answer | contains("書式2-1") and contains("queued")' out/requests.json
  [[ $(head -c 3 out/log.csv | od -An -tx1) == ' ef bb bf' ]]
  jq -e '.case.rows[0].number == "R8-0001" and (.papers.rows | length) == 2' out/case.json
  # The papers as they would be printed.
  [[ -s $(echo out/papers/01-*.html) && $(head -c 4 out/papers/01-*.pdf) == %PDF ]]
}

@test "the journal's hashes are checked with sha256sum, and every change is seen" {
  clinic -q checkpoint -o checkpoint.txt
  clinic -q note R8-0001 電話で確認
  clinic -q export R8-0001 -o out
  check_chain out
  grep -q "$(sed -n 's/^head: //p' checkpoint.txt)" out/checkpoint-*.txt
  # A changed content, a changed header, and one whose sums were made to fit.
  for kind in body header; do
    cp -r out "changed-$kind"
    file=$(find "changed-$kind/journal" -name "*.$kind" | sort | sed -n 2p)
    printf 'x' | dd of="$file" bs=1 seek=60 conv=notrunc status=none
    run ! check_chain "changed-$kind"
    sum=$(sha256sum <"$file" | cut -d' ' -f1)
    sed -i "s/^.*  $(basename "$file")\$/$sum  $(basename "$file")/" "changed-$kind/journal/SHA256SUMS"
    run check_chain "changed-$kind"
    [[ $status -gt 1 ]]
  done
}

@test "a tar file holds the same as a folder" {
  clinic -q export R8-0001 -o out
  clinic -q export R8-0001 -o out.tar
  [[ $(stat -c %a out.tar) == 600 ]]
  mkdir untarred
  tar -C untarred -xf out.tar
  diff -r out untarred
}

@test "nothing is replaced and no link is followed" {
  mkdir target there
  ln -s target link
  ln -s nowhere dangling.tar
  touch there.tar
  for path in there there.tar link dangling.tar; do refused 5 clinic -y export R8-0001 -o "$path"; done
  [[ -z $(find target there -type f) && ! -s there.tar && ! -e nowhere ]]
  refused 1 clinic export R8-0001 -o no/such/folder
  refused 3 clinic export R8-0009 -o other
  refused 2 clinic export R8-0001
  [[ ! -e other && -z $(find . -name '*.part-*') ]]
  run --separate-stderr clinic -n export R8-0001 -o dry
  [[ $status -eq 0 && ! -e dry ]]
}

@test "an export is noted as one reading, a stranger's attempt too" {
  clinic -q export R8-0001 -o out
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM access_log WHERE action = 'export' AND case_number = 'R8-0001'") == 1 ]]
  [[ $(sqlite3 clinic.db "SELECT count(*) FROM access_log WHERE action IN ('show', 'form') AND seq > (SELECT max(seq) FROM access_log WHERE action = 'export')") == 0 ]]
  sqlite3 clinic.db "UPDATE register_entry SET fields = '{\"name\":\"x\",\"roles\":\"\"}' WHERE name = 'operator'"
  refused 4 clinic export R8-0001 -o other
  [[ ! -e other ]]
  [[ $(sqlite3 clinic.db "SELECT result FROM access_log ORDER BY seq DESC LIMIT 1") == 4 ]]
}
