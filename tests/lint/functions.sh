#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Functions are short: none over 100 lines but those named in functions.txt, the
# median at most 16, nine in ten at most 45; no file over 700 lines.
. "$(dirname "$0")/tap.sh"
need ctags

lengths=$(files '*.c' | grep -E '^(engine|renderers)/' |
  ctags --fields=+ne --kinds-C=f --languages=C -L - -f - 2>/dev/null |
  awk -F'\t' '{
    for (i = 4; i <= NF; i++) {
      if ($i ~ /^line:/) line = substr($i, 6)
      if ($i ~ /^end:/) end = substr($i, 5)
    }
    print end - line + 1, $1, $2 ":" line
  }' | sort -n)
named=$(sed 's/#.*//; /^ *$/d' tests/lint/functions.txt 2>/dev/null)

check "no function is longer than 100 lines, unless named" "$(echo "$lengths" |
  awk -v named="$named" 'BEGIN { n = split(named, list, /[ \n]+/); for (i = 1; i <= n; i++) ok[list[i]] = 1 }
    $1 > 100 && !($2 in ok)')"
check "the median function has at most 16 lines" "$(echo "$lengths" |
  awk '{ l[NR] = $1 } END { m = l[int((NR + 1) / 2)]; if (m > 16) print "median " m }')"
check "nine in ten functions have at most 45 lines" "$(echo "$lengths" |
  awk '{ l[NR] = $1; t[NR] = $0 } END { p = int((NR * 9 + 9) / 10); if (l[p] > 45) for (i = NR; i >= p; i--) print t[i] }')"
check "no source file has more than 700 lines" "$(files '*.c' '*.h' | grep -E '^(engine|renderers)/' |
  xargs wc -l | awk '$2 != "total" && $1 > 700')"
done_testing
