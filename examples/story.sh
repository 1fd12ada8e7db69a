# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# story.sh - what an example's run.sh begins with (sourced). It gives the story a
# folder of its own ($1, else a new one), and words to tell it with.
set -euo pipefail
umask 077
command -v renkei >/dev/null || {
  echo "$0: no renkei in PATH; run ./quickstart first" >&2
  exit 1
}
# shellcheck disable=SC2034 # the story's
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
cd "$folder"

# step WORDS COMMAND…: say what is done, show the command, run it.
step() {
  printf '\n%s\n' "--- $1"
  shift
  printf '$ %s\n' "$*"
  "$@"
}

# refused WORDS COMMAND…: as step; the command must be refused (4) or find the paper
# incomplete (6). Anything else, a crash or a success, ends the story.
refused() {
  local status=0
  step "$@" || status=$?
  case $status in
  4 | 6) echo "(refused, status $status)" ;;
  *)
    echo "expected a refusal, got status $status" >&2
    exit 1
    ;;
  esac
}
