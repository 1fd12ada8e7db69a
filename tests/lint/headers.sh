#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each header compiles alone. The compiler line is the build's (lint-cc-line).
. "$(dirname "$0")/tap.sh"

line=${RENKEI_BUILDDIR:-.}/lint-cc-line
[ -s "$line" ] || skip_all "no lint-cc-line; run make check"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Flags are written for the build folder.
cc="cd '$RENKEI_BUILDDIR' && $(cat "$line")"

for header in $(files '*.h' | grep -E '^(engine|renderers)/'); do
  echo "#include \"$RENKEI_SRCDIR/$header\"" >"$scratch/alone.c"
  check "$header compiles alone" "$(
    # shellcheck disable=SC2030
    (eval "$cc -fsyntax-only -Werror '$scratch/alone.c'") 2>&1 | head -5
  )"
done
done_testing
