# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# tap.sh - what every lint begins with (sourced).
#
# A lint reads the tree at $RENKEI_SRCDIR and says TAP. It calls check once per rule
# and done_testing at its end. lints-can-fail.sh runs each on a tree made bad.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "${RENKEI_SRCDIR:=$here/../..}" || exit 99
count=0

# check RULE FINDINGS: holds when FINDINGS, a place a line, is empty.
check() {
  count=$((count + 1))
  if [ -z "$2" ]; then
    echo "ok $count - $1"
  else
    echo "not ok $count - $1"
    echo "$2" | head -50 | sed 's/^/# /'
  fi
}

# skip RULE WHY
skip() {
  count=$((count + 1))
  echo "ok $count - $1 # SKIP $2"
}

# skip_all WHY
skip_all() {
  echo "1..0 # SKIP $1"
  exit 0
}

done_testing() {
  echo "1..$count"
  exit 0
}

# need TOOL…: without it the lint is skipped; ./quickstart check installs them all.
need() {
  for tool; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
  done
}

# files PATTERN…: files of our own folders with these names, sorted.
files() {
  set -- "$(printf " -o -name '%s'" "$@")"
  eval "find . \\( -path './_*' -o -path ./.git -o -path ./.pc -o -name autom4te.cache -o -path './renkei-*' \
    \\) -prune -o -type f \\( ${1# -o} \\) -print" | sed 's,^\./,,' | LC_ALL=C sort
}
