#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# needs.sh run|check - the Debian packages Renkei needs, one a line.
#
# They stand once, in debian/control. `run`: to build and to run. `check`: also
# what is marked <!nocheck>. Versions, architectures and substitutions are left
# out; of alternatives the first counts. build-essential is implied by Debian's
# policy and so stands in no control file.
set -eu

case ${1-} in
run | check) ;;
*)
  echo "usage: $0 run|check" >&2
  exit 2
  ;;
esac

awk -v kind="$1" '
  function take(list,   n, i, items, item) {
    n = split(list, items, ",")
    for (i = 1; i <= n; i++) {
      item = items[i]
      if (kind != "check" && item ~ /<!nocheck>/)
        continue
      sub(/[|].*/, "", item)
      gsub(/\([^)]*\)|\[[^]]*\]|<[^>]*>|[ \t]/, "", item)
      if (item != "" && item !~ /^\$\{/ && item !~ /^debhelper/)
        print item
    }
  }
  /^#/ { next }
  /^[^ \t]/ { field = tolower($0); sub(/:.*/, "", field); sub(/^[^:]*:/, "") }
  field == "build-depends" || field == "depends" { take($0) }
  END { print "build-essential" }
' "$(dirname "$0")/../debian/control" | sort -u
