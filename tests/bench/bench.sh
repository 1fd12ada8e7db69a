#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh BUILD-FOLDER - speed, beside a floor measured in the same run. Figures of one
# machine at one moment; the ratios are what to compare. Not part of the tests.
set -euo pipefail
build=$(realpath "${1:-.}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export RENKEI_DATADIR=$build/data RENKEI_MODULEDIR=$build/.libs RENKEI_LOCALEDIR=$build/locale
# The program itself, not the wrapper that libtool puts before it in the build folder.
export LD_LIBRARY_PATH=$build/.libs
renkei() { "$build/.libs/renkei" "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# milliseconds COUNT COMMAND…: mean wall time of a command, in a process of its own each time.
milliseconds() {
  local count=$1 start end i
  shift
  "$@" >/dev/null 2>&1
  start=$(date +%s%N)
  for ((i = 0; i < count; i++)); do "$@" >/dev/null 2>&1; done
  end=$(date +%s%N)
  awk -v t=$((end - start)) -v n="$count" 'BEGIN { printf "%.1f", t / n / 1e6 }'
}

floor=$("$build/bench-floor" "$scratch/floor.db" 3)
events=$("$build/bench-engine" events "$scratch/events.db" 150)
printf '%-52s %10s\n' "floor: bare SQLite transaction, WAL+FULL" "$floor/s"
printf '%-52s %10s  ratio to the floor %s\n' "one event delivered in process, durable" "$events/s" \
  "$(ratio "$events" "$floor")"

startup=$(milliseconds 20 renkei --version)
printf '%-52s %7s ms\n' "program start-up (renkei --version)" "$startup"
export RENKEI_DB=$scratch/events.db
printf '%-52s %7s ms\n' "renkei list, cold, 150 closed cases" "$(milliseconds 10 renkei list)"
database=$scratch/cli.db
RENKEI_DB=$database renkei init --office bench --municipality fujisawa --roles association --exercise >/dev/null 2>&1
open_case() {
  RENKEI_DB=$database renkei new fujisawa-member-registration --set institution=例示 2>/dev/null
}
printf '%-52s %7s ms\n' "one process an event (renkei new)" "$(milliseconds 10 open_case)"

read -r first rest < <("$build/bench-engine" pages - 20)
printf '%-52s %7s ms\n' "one form to PDF, first in a process" "$first"
printf '%-52s %7s ms\n' "one form to PDF, following" "$rest"
printf '%-52s %7s ms\n' "one form to PDF, a process each" \
  "$(milliseconds 5 renkei form blank fj-2-1 -y -o "$scratch/a.pdf")"

"$build/bench-machine" speed
"$build/bench-machine" load
"$build/bench-machine" memory
