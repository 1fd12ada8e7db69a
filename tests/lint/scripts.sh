#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All shell scripts pass shellcheck.
. "$(dirname "$0")/tap.sh"
need shellcheck

ours=$( (files '*.sh' '*.bash' '*.bats' run quickstart; files '*' | grep -E '^(\.ci|completions|examples)/') |
  sort -u | grep -vE '^build-aux/(ltmain|tap-driver|install)' |
  while read -r file; do
    case $(head -c 200 "$file" | head -2) in
    '#!'*sh* | '#!'*bats* | *'shellcheck shell='*) echo "$file" ;;
    *) case $file in *.sh | *.bats | *.bash) echo "$file" ;; esac ;;
    esac
  done)
for file in $ours; do
  check "$file passes shellcheck" "$(shellcheck --external-sources --source-path=SCRIPTDIR --format=gcc "$file" 2>&1)"
done
check "there are scripts to look at" "$([ -n "$ours" ] || echo none)"
done_testing
