#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tour.sh DOCUMENT - run the commands of its ```console blocks, compare what they say.
#
# A line that begins with "$ " is a command, what follows up to the next one is its
# whole output (both streams). "…" stands for anything, over lines too: times, hashes, names
# of this machine. All commands run in one shell, in a new folder, with the renkei in PATH; $TUTORIAL is the folder
# of the document.
# A document without a command is a fault.
set -euo pipefail
document=$(realpath "$1")
TUTORIAL=$(dirname "$document")
export TUTORIAL
command -v renkei >/dev/null || {
  echo "$0: no renkei in PATH" >&2
  exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tour" "$scratch/home"

# Into N.command and N.expected, from 1.
awk -v folder="$scratch" '
  /^```console/ { inside = 1; next }
  /^```/ { inside = 0 }
  inside && /^\$ / { n++; print substr($0, 3) > (folder "/" n ".command"); printf "" > (folder "/" n ".expected"); next }
  inside && n { print > (folder "/" n ".expected") }
' "$document"
[[ -e $scratch/1.command ]] || {
  echo "$document: no command in a console block" >&2
  exit 1
}

# matches TEXT EXPECTED: equal, where "…" is anything.
matches() {
  local pattern
  pattern=$(sed 's/[][\\*?()|!+@]/\\&/g; s/…/*/g' <<<"$2")
  # shellcheck disable=SC2053 # a pattern is meant
  [[ $1 == $pattern ]]
}

# The commands become functions of one script, so that variables and folders last.
for ((n = 1; ; n++)); do
  [[ -e $scratch/$n.command ]] || break
  printf '{\n%s\n} >"%s/%d.said" 2>&1 </dev/null\n' "$(cat "$scratch/$n.command")" "$scratch" "$n"
done >"$scratch/script"
(cd "$scratch/tour" && unset LANGUAGE && HOME=$scratch/home LC_ALL=C.UTF-8 bash "$scratch/script") || true

faults=0
for ((n = 1; ; n++)); do
  [[ -e $scratch/$n.command ]] || break
  said=$(cat "$scratch/$n.said" 2>/dev/null || echo "(never run)")
  expected=$(cat "$scratch/$n.expected")
  if matches "$said" "$expected"; then
    echo "ok $n - $(head -1 "$scratch/$n.command")"
  else
    echo "not ok $n - $(head -1 "$scratch/$n.command")"
    diff -u --label "$(basename "$document")" --label "said" <(echo "$expected") <(echo "$said") | sed 's/^/# /' || true
    faults=$((faults + 1))
  fi
done
exit $((faults > 0))
