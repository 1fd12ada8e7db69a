#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154
# Every step that the tests of the five towns take is tried as it must not be, at its place in the procedure: by another way,
# in another's name.
load cli
setup() {
  cli_setup
  cp -r "$RENKEI_DATADIR/workflows/." tried
  for form in "$RENKEI_DATADIR"/forms/*/*.xml; do
    xmllint --xpath 'concat(/*/@code, "	", /*/@printed-code)' "$form"
  done >codes
}

# The two roles of which a desk has at most one.
roles() {
  case $1 in
  fujisawa) echo association vendor ;;
  mito) echo user_manager vendor ;;
  kanzaki) echo liaison_centre vendor ;;
  *) echo city vendor ;;
  esac
}

# try WHAT: all tests with the wrong steps put in; how many there were is left in $steps.
try() {
  local file town first second
  steps=0
  for file in "$RENKEI_DATADIR"/workflows/*/*.test.xml; do
    town=$(basename "$(dirname "$file")")
    read -r first second <<<"$(roles "$town")"
    awk -v what="$1" -v codes=codes -v first="$first" -v second="$second" \
      -f "$RENKEI_SRCDIR/tests/cli/refusals.awk" "$file" >"tried/$town/$(basename "$file")"
    steps=$((steps + $(grep -c 'refused="yes"' "tried/$town/$(basename "$file")" || true) -
      $(grep -c 'refused="yes"' "$file" || true)))
  done
  renkei --format jsonl workflow test tried >results || true
  jq -r 'select(.result != "passed") | [.file, .test, .message] | @tsv' results
  [[ -s results ]]
  jq -e -s 'all(.[]; .result == "passed")' results
}

@test "papers that come another way than the handbook says are refused, by the name that stands on them" {
  try channel
  ((steps >= 40))
}

@test "nobody enters what another role does in that role's name" {
  try actor
  ((steps >= 500))
}
