#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shipped XML is valid by two validators: xmllint and, as a cross-check, jing; the
# .rng files are what trang makes of the .rnc files.
. "$(dirname "$0")/tap.sh"
need xmllint jing trang

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# valid SCHEMA WHAT FILES
valid() {
  if [ -z "$3" ]; then
    skip "$2 are valid" "there are none yet"
    return
  elif [ ! -e "$1" ]; then
    skip "$2 are valid" "there is no $1 yet"
    return
  fi
  # shellcheck disable=SC2086
  check "$2 are valid by xmllint" "$(xmllint --noout --nonet --relaxng "$1" $3 2>&1 | grep -v ' validates$')"
  # shellcheck disable=SC2086
  check "$2 are valid by jing" "$(jing "$1" $3 2>&1)"
}

workflows=$(files '*.scxml' | grep -E '^(workflows|forms|examples)/')
tests=$(files '*.test.xml' | grep -E '^(workflows|examples)/')
registers=$(files 'registers.xml' | grep '^workflows/')
duties=$(files 'duties.xml' | grep '^workflows/')
retention=$(files 'retention.xml' | grep '^workflows/')
overlays=$(files '*.overlay.xml' | grep -E '^(workflows|examples|tests)/')
templates=$(files '*.base.xml' | grep '^workflows/')
holidays=$(files 'holidays.xml' | grep '^workflows/')
forms=$(files '*.xml' | grep '^forms/' | xargs -r grep -lE '<([a-z]+:)?form[ >]')
valid workflows/workflow.rng "workflows" "$workflows"
valid workflows/test.rng "tests of workflows" "$tests"
valid workflows/registers.rng "registers" "$registers"
valid workflows/duties.rng "duties" "$duties"
valid workflows/retention.rng "retention periods" "$retention"
valid workflows/holidays.rng "holidays" "$holidays"
valid workflows/overlay.rng "overlays" "$overlays"
valid forms/form.rng "forms" "$forms"
check "every shipped workflow or form file is of a known kind" "$(
  files '*.xml' '*.scxml' | grep -E '^(workflows|forms)/' | while read -r file; do
    printf '%s\n' "$workflows" "$tests" "$registers" "$holidays" "$duties" "$retention" "$forms" \
      "$overlays" "$templates" | grep -qxF "$file" || echo "$file"
  done
)"

for rnc in $(files '*.rnc' | grep -E '^(workflows|forms)/'); do
  name=$(basename "$rnc" .rnc)
  trang "$rnc" "$scratch/$name.rng" 2>"$scratch/err"
  xmllint --c14n "$scratch/$name.rng" >"$scratch/made" 2>>"$scratch/err"
  xmllint --c14n "${rnc%.rnc}.rng" >"$scratch/kept" 2>>"$scratch/err"
  grep -v '^ *<!--.*-->$' "$scratch/made" >"$scratch/made1"
  grep -v '^ *<!--.*-->$' "$scratch/kept" >"$scratch/kept1"
  check "${rnc%.rnc}.rng is what trang makes of $rnc" "$(
    cat "$scratch/err"
    cmp -s "$scratch/made1" "$scratch/kept1" || echo "run: trang $rnc ${rnc%.rnc}.rng"
  )"
done
done_testing
