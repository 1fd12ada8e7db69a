#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tests/spec: each document stands in the index there, in its own words, and can fail.
. "$(dirname "$0")/tap.sh"
[ -d tests/spec ] || skip_all "there are no documents"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The first comment of each document after the licence, without what it says to the runner, as
# a line of the index.
find tests/spec -name '*.scxml' ! -path '*/parts/*' | LC_ALL=C sort | while read -r file; do
  awk -v name="$(echo "${file#tests/spec/}" | sed 's/\.scxml$//')" '
    /<!--/ && !/SPDX/ && !done { on = 1; sub(/.*<!-- */, "") }
    on {
      last = sub(/ *-->.*/, "")
      sub(/^ +/, "")
      if (!/^(mode|refused): /) text = text (text == "" || $0 == "" ? "" : " ") $0
      if (last) { on = 0; done = 1 }
    }
    END {
      at = index(text, ": ")
      print "| " substr(text, 1, at - 1) " | " substr(text, at + 2) " | [" name "](" name ".scxml) |"
    }' "$file"
done | LC_ALL=C sort >"$scratch/documents"
grep '\.scxml) |$' tests/spec/README.md 2>"$scratch/none" | sed 's/`//g; s/\\|/|/g' | LC_ALL=C sort >"$scratch/index"

check "each document has its line in tests/spec/README.md, in the words of its comment" \
  "$(LC_ALL=C comm -23 "$scratch/documents" "$scratch/index")"
check "each line of tests/spec/README.md is a document" \
  "$(LC_ALL=C comm -13 "$scratch/documents" "$scratch/index")"
check "each document can end in fail" "$(find tests/spec -maxdepth 1 -name '*.scxml' | LC_ALL=C sort |
  while read -r file; do
    if ! grep -q '<final id="fail"' "$file" || ! grep -q 'target="fail"' "$file"; then echo "$file"; fi
  done)"
done_testing
