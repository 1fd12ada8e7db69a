# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# suite.sh - the whole suite, as ./quickstart check runs it (sourced by it).
#
# Every step writes _build/logs/STEP.log. A step that is itself a suite adds its
# tests to the totals, every other step counts as one test. A suite that fails
# without naming a test, or passes without having run one, counts as a failure.
# The last line of all is "N passed, N failed, N skipped".

# shellcheck disable=SC2154 # top, jobs: quickstart's

logs=_build/logs
passed=0 failed=0 skipped=0
failures=()
# No step needs longer; one that hangs is a failure.
limit=(timeout --kill-after=10 1500)

# report STEP SECONDS PASSED FAILED SKIPPED NOTE
report() {
  passed=$((passed + $3)) failed=$((failed + $4)) skipped=$((skipped + $5))
  if (($4 == 0)); then
    printf 'ok   %-12s %4d s  %s\n' "$1" "$2" "$6"
  else
    failures+=("$1")
    printf 'FAIL %-12s %4d s  %s\n' "$1" "$2" "$6"
    show_failure "$1"
  fi
}

# What a reader needs first: the failed tests with their output, else the log's end.
show_failure() {
  grep -E '^(FAIL|ERROR|XPASS)' "$logs/$1.log" | head -40
  if [[ -s $logs/$1.details ]]; then
    head -200 "$logs/$1.details"
  else
    tail -40 "$logs/$1.log"
  fi
}

# step NAME COMMAND…: one check, one test; status 77 says that it could not be tried here.
step() {
  local name=$1 start=$SECONDS status=0
  shift
  "$@" >"$logs/$name.log" 2>&1 </dev/null || status=$?
  if ((status == 0)); then
    report "$name" $((SECONDS - start)) 1 0 0 ""
  elif ((status == 77)); then
    report "$name" $((SECONDS - start)) 0 0 1 "skipped; $(tail -1 "$logs/$name.log")"
  else
    report "$name" $((SECONDS - start)) 0 1 0 "failed; all of it: $logs/$name.log"
  fi
}

# prepare NAME COMMAND…: as step, but only its failure counts.
prepare() {
  step "$@"
  [[ " ${failures[*]} " == *" $1 "* ]] || passed=$((passed - 1))
}

# step_once NAME COMMAND…: as step; not again while nothing has changed since it passed.
step_once() {
  local name=$1 stamp=$logs/$1.passed
  if [[ -e $stamp && $(cat "$stamp") == "$tree" ]]; then
    report "$name" 0 1 0 0 "unchanged since it passed"
    return
  fi
  rm -f "$stamp"
  step "$@"
  [[ " ${failures[*]} " == *" $name "* ]] || echo "$tree" >"$stamp"
}

# suite NAME FOLDER [VARIABLE=VALUE…]: make check there, its tests added to the totals.
suite() {
  local name=$1 folder=$2 start=$SECONDS status=0 p f s
  shift 2
  rm -f "$logs/$name.details"
  "${limit[@]}" make -C "$folder" --silent --no-print-directory -j"$jobs" check "$@" \
    >"$logs/$name.log" 2>&1 </dev/null || status=$?
  read -r p f s < <(awk '/^# PASS:/ { p += $3 } /^# SKIP:/ { s += $3 }
    /^# (FAIL|ERROR|XPASS):/ { f += $3 } END { print p + 0, f + 0, s + 0 }' "$logs/$name.log")
  if ((f == 0 && (status != 0 || p == 0))); then
    f=1
  fi
  if ((f > 0)) && [[ -e $folder/test-suite.log ]]; then
    cp "$folder/test-suite.log" "$logs/$name.details"
  fi
  report "$name" $((SECONDS - start)) "$p" "$f" "$s" "$p passed, $f failed, $s skipped"
}

# Everything that a check reads, as one hash.
hash_tree() {
  find . \( -path ./.git -o -path ./_build -o -path ./_install -o -path ./_story \
    -o -name autom4te.cache \) -prune -o -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

compile_clang() {
  configure_in _build/clang CC=clang --enable-werror &&
    make_in _build/clang all && make_in _build/clang check TESTS=
}

configure_asan() {
  configure_in _build/asan --enable-werror --enable-sanitizers
}

# What the sanitizers do not need to see: they slow every program four times, and these run code that
# others run too, again and again: towns beyond the first, each form once more, the same day with a fault
# at each step.
seen_elsewhere='^(test-fault-|test-form-(codes|words)|test-fax-|test-analysis-(mutants|rules)|tests/cli/(fujisawa|mito|nagareyama|marugame|refusals|workflow|manual)[.]bats)'
asan_tests() {
  # shellcheck disable=SC2016 # expanded by make
  make -C _build/asan --silent --no-print-directory --eval='print-tests:;@echo $(TESTS)' print-tests |
    tr ' ' '\n' | grep -Ev "$seen_elsewhere" | tr '\n' ' '
}

run_cppcheck() {
  mkdir -p _build/cppcheck
  cppcheck --quiet --error-exitcode=1 -j"$jobs" --cppcheck-build-dir=_build/cppcheck \
    --enable=warning,performance,portability --inline-suppr --std=c11 --library=gtk \
    --suppressions-list=tests/lint/cppcheck.supp \
    -I engine/include -I engine -I renderers engine renderers
}

# The stories and the tours of the documents, each one test, with what was installed.
play_installed() {
  local run document name
  prepare install make_in _build/check install
  local -x PATH="$top/_build/check/_install/bin:$PATH"
  step sudo tests/sudo.sh
  for run in examples/*/run.sh; do
    [[ -e $run ]] || continue
    name=$(basename "$(dirname "$run")")
    rm -rf "_build/stories/$name"
    step "story-$name" "${limit[@]}" "$run" "$top/_build/stories/$name"
  done
  for document in README*.md examples/*/README.md; do
    if grep -q '^```console' "$document"; then
      step "tour-${document//\//-}" "${limit[@]}" tests/tour.sh "$document"
    fi
  done
}

# What the tarball lacks is told by whole_tarball; of the tests only one of each kind
# runs in it, with a read-only source: the others have run.
run_distcheck() {
  "${limit[@]}" make -C _build/check --silent --no-print-directory -j"$jobs" distcheck \
    AM_DISTCHECK_CONFIGURE_FLAGS=--enable-werror \
    TESTS="test-base-text test-machine-spec test-form-words test-analysis-catalogue test-store \
      tests/cli/story.bats tests/lint/documents.sh tests/lint/headers.sh" && whole_tarball
}

# Every file under version control is in the tarball, where there is version control.
whole_tarball() {
  local lost
  git rev-parse --git-dir >/dev/null 2>&1 || return 0
  lost=$(comm -13 <(tar -tf _build/check/renkei-*.tar.xz | sed 's,^[^/]*/,,' | sort) \
    <(git ls-files | grep -v '\.gitignore$' | sort))
  [[ -z $lost ]] || { printf 'not in the tarball (EXTRA_DIST):\n%s\n' "$lost" && return 1; }
}

run_suite() {
  set +e # from here on a failure is counted, not fatal
  mkdir -p "$logs"
  tree=$(hash_tree)
  say "The suite; logs in $logs"
  prepare configure configure_in _build/check --enable-werror --prefix="$top/_build/check/_install"
  suite check _build/check
  play_installed
  step clang compile_clang
  prepare asan-build configure_asan
  ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS=suppressions=$top/tests/lint/lsan.supp:print_suppressions=0 \
    G_SLICE=always-malloc suite asan _build/asan "TESTS=$(asan_tests)"
  step cppcheck run_cppcheck
  step_once distcheck run_distcheck
  ((${#failures[@]} == 0)) || say "Failed: ${failures[*]}"
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  ((failed == 0))
}
