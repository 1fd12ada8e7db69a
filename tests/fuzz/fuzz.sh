#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh - the long search: `make fuzz FUZZ_SECONDS=600` runs it in the build folder.
#
#   fuzz.sh SOURCES SECONDS [TARGET…]
#
# Builds the fuzzer in ./_fuzz with clang, libFuzzer, ASan and UBSan, and shares the seconds
# among the targets (all of tests/fuzz/targets.c, and `charts`). What was found to be new
# stays in _fuzz/corpus/TARGET and is where the next search begins; what fails is written to
# _fuzz/found and ends the search with status 1. See one again:
#   FUZZ_TARGET=machine RENKEI_SRCDIR=… _fuzz/fuzz-doors _fuzz/found/crash-…
set -euo pipefail

sources=$(cd "$1" && pwd)
seconds=$2
shift 2
targets=("$@")
((${#targets[@]})) ||
  targets=(charts machine snapshot form values values-text registers procedure-test holidays duties fo)

clang=${CLANG:-clang}
if ! "$clang" -x c -fsanitize=fuzzer -o /dev/null - 2>/dev/null \
  <<<'int LLVMFuzzerTestOneInput(const char *b, unsigned long n); int LLVMFuzzerTestOneInput(const char *b, unsigned long n) { return b && n ? 0 : 0; }'; then
  echo "fuzz: clang with libFuzzer is not here; install clang and libclang-rt-14-dev" >&2
  exit 2
fi

mkdir -p _fuzz/corpus _fuzz/found
cd _fuzz
flags='-g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'
if [[ ! -e config.status || "$sources/configure" -nt config.status ]]; then
  "$sources/configure" --quiet --disable-shared --enable-static CC="$clang" CFLAGS="$flags"
fi
make --silent -j"$(nproc)" fuzz-doors test-fuzz-load

export RENKEI_SRCDIR=$sources LC_ALL=C.UTF-8 TZ=UTC G_SLICE=always-malloc
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$sources/tests/lint/lsan.supp:print_suppressions=0

share=$((seconds / ${#targets[@]}))
status=0
for target in "${targets[@]}"; do
  corpus=corpus/$target
  mkdir -p "$corpus"
  [[ $target == charts ]] || ./test-fuzz-load seeds "$target" "$corpus"
  printf '== %s: %d s, from %d inputs\n' "$target" "$share" "$(find "$corpus" -type f | wc -l)"
  FUZZ_TARGET=$target ./fuzz-doors -max_total_time=$((share > 0 ? share : 1)) -max_len=65536 \
    -timeout=60 -rss_limit_mb=4096 -verbosity=0 -print_final_stats=1 \
    -artifact_prefix=found/ "$corpus" 2>found/"$target".log || {
    status=1
    tail -40 found/"$target".log
  }
  grep -E '^stat::(number_of_executed_units|new_units_added)' found/"$target".log || true
done
exit $status
