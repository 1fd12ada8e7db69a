#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh BUILD-FOLDER - speed, beside a floor measured in the same run. Figures of one
# machine at one moment; the ratios are what to compare. Not part of the tests.
# RENKEI_BENCH: which parts, of: events process definitions verify reading paper machine (all).
# RENKEI_BENCH_CASES: how large the large office is (1000000; takes minutes and 6 GB; 0: leave it out).
# RENKEI_BENCH_FORMS: how many papers one process prints (1000).
set -euo pipefail
build=$(realpath "${1:-.}")
source=$(realpath "$(dirname "$0")/../..")
parts=${RENKEI_BENCH:-events process definitions verify reading paper machine}
cases=${RENKEI_BENCH_CASES:-1000000}
scratch=$(mktemp -d -p "$build" bench-XXXXXX) # on a disk: the floor is what that allows
trap 'rm -rf "$scratch"' EXIT
export RENKEI_DATADIR=$build/data RENKEI_MODULEDIR=$build/.libs RENKEI_LOCALEDIR=$build/locale
# The program itself, not the wrapper that libtool puts before it in the build folder.
export LD_LIBRARY_PATH=$build/.libs
renkei() { "$build/.libs/renkei" "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
line() { printf '%-52s %10s  %s\n' "$1" "$2" "${3:-}"; }

# run COUNT WORD…: wall and processor time of a command in milliseconds, its memory in KiB.
run() { "$build/bench-run" "$1" "$build/.libs/renkei" "${@:2}"; }

# milliseconds COUNT FUNCTION: mean wall time of a function that is given 1, 2 … COUNT.
milliseconds() {
  local count=$1 start end i
  start=$(date +%s%N)
  for ((i = 1; i <= count; i++)); do "$2" "$i" >/dev/null 2>&1; done
  end=$(date +%s%N)
  awk -v t=$((end - start)) -v n="$count" 'BEGIN { printf "%.1f", t / n / 1e6 }'
}

in_process() {
  local floor events
  floor=$("$build/bench-floor" "$scratch/floor.db" 3)
  line "floor: bare SQLite transaction, WAL+FULL" "$floor/s"
  events=$("$build/bench-engine" events "$scratch/events.db" 10000 2000)
  line "one event delivered in process, durable" "$events/s" "ratio to the floor $(ratio "$events" "$floor")"
  floor=$("$build/bench-floor" "$scratch/floor100.db" 3 100)
  line "floor: the same, 100 in a transaction" "$floor/s"
  events=$("$build/bench-engine" batch "$scratch/batch.db" 10000 5000)
  line "100 events in a transaction, in process" "$events/s" "ratio to the floor $(ratio "$events" "$floor")"
}

floor_once() { "$build/bench-floor" "$scratch/floor.db" once; }
do_once() { renkei 'do' "$(printf 'R8-%04d' "$1")" request.faxed --received fj-2-1,fj-3; }
process_each() {
  local floor events wall
  read -r wall _ _ < <(run 21 --version)
  line "program start-up (renkei --version)" "$wall ms"
  floor=$(milliseconds 30 floor_once)
  line "floor: one bare transaction, a process each" "$floor ms"
  export RENKEI_DB=$scratch/cli.db
  renkei init --office bench --municipality fujisawa --roles association --exercise >/dev/null 2>&1
  renkei --clock 2026-04-01T09:00 tick >/dev/null 2>&1
  for _ in {1..30}; do renkei new fujisawa-member-registration --set institution=例示 >/dev/null 2>&1; done
  events=$(milliseconds 30 do_once)
  line "one event, a process each (renkei do)" "$events ms" "ratio to the floor $(ratio "$floor" "$events")"
}

# The first page of what is read, in the large office and in one of 10,000 cases.
reading() {
  local word small large memory before
  local -a words
  "$build/bench-million" "$scratch/small.db" 10000
  "$build/bench-million" "$scratch/large.db" "$cases"
  printf '\n%-40s %10s %10s  %s\n' "first page, processor time of a process" "10000" "$cases" "ratio, KiB"
  while IFS= read -r word; do
    read -ra words <<<"$word"
    export RENKEI_DB=$scratch/small.db
    read -r _ small before < <(run 11 "${words[@]}")
    export RENKEI_DB=$scratch/large.db
    read -r _ large memory < <(run 11 "${words[@]}")
    printf '%-40s %7s ms %7s ms  %s, %s → %s\n' "renkei $word" "$small" "$large" \
      "$(ratio "$large" "$small")" "$before" "$memory"
  done <<'END'

list
list --waits-for association
list --state membership-check
list --due-before 2026-12-31
show R8-0005
search 山田太郎
search 山
search 龍造寺
search 無い名
outbox list
custody
log
END
  rm -f "$scratch"/small.db* "$scratch"/large.db*
}

verifying() {
  local entries wall
  export RENKEI_DB=$scratch/events.db
  [[ -e $RENKEI_DB ]] || "$build/bench-engine" events "$RENKEI_DB" 1000 1000 >/dev/null
  entries=$(renkei verify --chain --format json 2>/dev/null | grep -oE '"count": *[0-9]+' | head -1 | grep -oE '[0-9]+')
  read -r wall _ _ < <(run 3 verify --chain)
  line "renkei verify --chain" "$(awk -v n="$entries" -v t="$wall" 'BEGIN { printf "%.0f/s", n / t * 1000 }')"
  read -r wall _ _ < <(run 3 verify)
  line "renkei verify, all replayed" "$(awk -v n="$entries" -v t="$wall" 'BEGIN { printf "%.0f/s", n / t * 1000 }')"
}

# All shipped procedures and forms; the handbook with the most of them is installed.
init_once() { renkei --db "$scratch/init-$1.db" init --office bench --municipality nagareyama --roles city; }
definitions() {
  local busy
  line "renkei init, all of a handbook" "$(milliseconds 5 init_once) ms" "wanted: 2000"
  read -r _ busy _ < <(run 5 workflow check)
  line "renkei workflow check, processor time" "$busy ms" "wanted: 1000"
  read -r _ busy _ < <(run 1 workflow test)
  line "renkei workflow test, processor time" "$busy ms" "wanted: 10000"
}

machine() {
  "$build/bench-machine" speed
  "$build/bench-machine" load
  "$build/bench-machine" memory
}

for part in $parts; do
  case $part in
  events) in_process ;;
  process) process_each ;;
  definitions) definitions ;;
  verify) verifying ;;
  reading) [[ $cases -eq 0 ]] || reading ;;
  paper) "$source/tests/bench/paper.sh" "$build" "$scratch" ;;
  machine) machine ;;
  *)
    echo "bench.sh: no part is called '$part'" >&2
    exit 2
    ;;
  esac
done
