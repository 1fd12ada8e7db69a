#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154
# The manual says what the program says of itself.
load cli
setup() {
  cli_setup
  man=$RENKEI_SRCDIR/man
}

# Every "COMMAND" and "COMMAND SUBCOMMAND" that can be run, from the help.
commands() {
  local command subs
  for command in $(renkei --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'); do
    subs=$(renkei help "$command" | sed '/^Options:/,$d; /^Examples:/,$d' | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
    [[ -n $subs ]] || echo "$command"
    for sub in $subs; do echo "$command $sub"; done
  done
}
options() { sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p'; }

# What renkei(1) lists: commands, and the options below each.
manual_commands() { sed -n 's/^\.It Ic \([a-z]*\( [a-z][a-z]*\)\{0,1\}\)\( Ar .*\)\{0,1\}$/\1/p' "$1"; }
manual_options() {
  awk -v command="$2" '/^\.It Ic / { line = $0; sub(/^\.It Ic /, "", line); sub(/ Ar .*/, "", line); mine = line == command }
    /^\.Sh / { mine = 0 }
    mine && /^\.It Fl/ { match($0, /Fl -[a-z-]+/); print "-" substr($0, RSTART + 3, RLENGTH - 3) }' "$1"
}

@test "the manual in both languages lists exactly the commands of the program" {
  for page in renkei.1 ja/renkei.1; do
    diff <(commands | sort) <(manual_commands "$man/$page" | sort)
  done
}

@test "the manual lists exactly the options of every command" {
  for page in renkei.1 ja/renkei.1; do
    while read -r command; do
      # shellcheck disable=SC2086
      diff <(renkei help $command | options | sort) <(manual_options "$man/$page" "$command" | sort)
    done < <(commands)
    diff <(renkei --help | options | sort) \
      <(sed -n '/^\.It Ic /q; s/^\.It .*Fl -\([a-z-]*\).*/--\1/p' "$man/$page" | sort)
  done
}

@test "the manual names every exit code of renkei.h" {
  for page in renkei.1 ja/renkei.1; do
    while read -r code; do
      grep -qx "\.It $code" "$man/$page"
    done < <(sed -n 's/^  RK_[A-Z_]* = \([0-9]*\),\{0,1\} .*/\1/p' "$RENKEI_SRCDIR/engine/include/renkei.h")
  done
}

@test "renkei-diag(7) has every diagnostic with its present text" {
  [[ $(grep -c '^\.It ' "$man/renkei-diag.7") -eq $(cat "$RENKEI_SRCDIR"/engine/base/diag-*.def | grep -c '^DIAG(') ]]
  diff "$man/renkei-diag.7" <(sh "$man/diag.sh" "$RENKEI_SRCDIR"/engine/base/diag-*.def)
}

@test "the pages are sound mdoc" {
  command -v mandoc || skip "no mandoc here"
  mandoc -T lint -W warning "$man/renkei.1"
  run mandoc -T lint -W error "$man/ja/renkei.1" "$man/renkei-diag.7"
  [[ $status -eq 0 ]]
}
