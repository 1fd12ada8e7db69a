# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# story.sh - what an example's run.sh begins with (sourced). It gives the story a
# folder of its own ($1, else a new one), words to tell it with, a clock and desks.
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
[[ -e .story || -z $(ls -A) ]] || {
  echo "$0: $folder holds something else; name an empty folder" >&2
  exit 1
}
rm -rf ./*.db* papers fax index.html
mkdir papers
touch .story
rows=.rows
: >"$rows"

# chapter WORDS [DESK]: a heading; what follows is done at that desk.
chapter() {
  printf '\n%s\n' "=== $1"
  desk=${2:-$desk}
}

# at TIME: the day and hour of what follows. Exercises only.
at() { clock="$1+09:00"; }

# The program at the desk: each desk has a database of its own, because the offices have nothing in
# common but the papers that go between them. What a reader sees is the command without database and clock.
renkei() { command renkei --db "$desk.db" --clock "$clock" "$@"; }

# step WORDS COMMAND…: say what is done, show the command, run it.
step() {
  printf '\n%s\n' "--- $1"
  shift
  printf '$ %s\n' "$*"
  "$@"
}

# refused WORDS COMMAND…: as step; the command must be refused (4), its input be wrong (6), or the
# command line be no place for what it says (2). Anything else, a crash or a success, ends the story.
refused() {
  local status=0
  step "$@" || status=$?
  case $status in
  2 | 4 | 6) echo "(refused, status $status)" ;;
  *)
    echo "expected a refusal, got status $status" >&2
    exit 1
    ;;
  esac
}

# follow CASE EVENT…: what others did or what goes without saying, one after the other, without words.
follow() {
  local case=$1 event
  shift
  for event; do
    # shellcheck disable=SC1010
    renkei --quiet do "$case" "$event" --evidence phone >/dev/null
  done
}

# fill CASE FORM WORDS: the paper is filled in from the lines that follow.
fill() { step "$3" renkei form fill "$1" "$2" -; }

# paper CASE FORM NAME WORDS: one paper as PDF, HTML, FAX and picture, and its line on the index page.
number=0
paper() {
  local name ending
  number=$((number + 1))
  name=$(printf '%02d-%s' "$number" "$3")
  for ending in pdf html tiff png; do
    renkei --quiet form print "$1" "$2" -o "papers/$name.$ending"
  done
  cat >>"$rows" <<END
<tr><td>$number</td><td>$4</td><td><a href="papers/$name.pdf">PDF</a> <a href="papers/$name.html">HTML</a>
<a href="papers/$name.tiff">FAX</a></td><td><img src="papers/$name.png" alt="$4"></td></tr>
END
}

# the_end TITLE WORDS: the index page.
the_end() {
  cat - "$rows" >index.html <<END
<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>$1</title>
<style>body{font-family:sans-serif;margin:2em}td{border:1px solid #999;padding:.5em;vertical-align:top}
table{border-collapse:collapse}img{width:220px;border:1px solid #ccc}a{margin-right:.8em}</style>
<h1>$1（練習）</h1><p>$2人も施設も架空のものです。</p>
<table><tr><th>番号</th><th>書類</th><th>ファイル</th><th>1 枚目</th></tr>
END
  echo '</table></html>' >>index.html
  rm -f "$rows"
  printf '\n%s\n' "--- The papers lie in $folder; index.html lists them."
}
