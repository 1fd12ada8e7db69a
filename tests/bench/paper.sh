#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# paper.sh BUILD-FOLDER SCRATCH-FOLDER - the speed of printing: a paper of a case, with both codes and the checked number on each
# page, and other formatters with what we give them of the same paper. Started by bench.sh.
# Processor time is of all threads and children; wall time is disturbed by what else the machine does.
# A formatter that is not installed is said to be so.
set -euo pipefail
build=$1 folder=$2/paper
source=$(realpath "$(dirname "$0")/../..")
values=$source/tests/golden/form
renkei=$build/.libs/renkei
mkdir "$folder"

figures() { printf '%-52s %8s ms %8s ms  %s\n' "$1" "$2" "$3" "${4:-}"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.0f", a / b }'; }

# In one process; keeps form.fo, form.html, form.pdf and form.tiff of the first paper.
declare -A wall busy
in_process() {
  local name first second few many count=${RENKEI_BENCH_FORMS:-1000}
  while read -r name first second; do
    wall[$name]=$first busy[$name]=$second
  done < <("$build/bench-paper" "$folder" "$values" "$count")
  few=${wall[memory]} many=${busy[memory]}
  printf '%-52s %11s %11s\n' "a paper of a case, one process" "wall" "processor"
  figures "PDF, the first one" "${wall[first]}" "${busy[first]}"
  figures "PDF, the same paper again" "${wall[same]}" "${busy[same]}" "wanted: 26"
  figures "PDF, other papers" "${wall[different]}" "${busy[different]}" "wanted: 26"
  figures "PDF and FAX TIFF together" "${wall[both]}" "${busy[both]}" "wanted: 50"
  printf '%-52s %8s KiB %7s KiB  %s\n' "memory after 100 papers, and after $count" "$few" "$many" \
    "wanted: no growth"
}

# What the page bears, and whether it can be read again.
codes() {
  local drawn back
  drawn=$(grep -o '<k:qr ' "$folder/form.fo" | wc -l)
  back=$("$renkei" --db "$folder/paper.db" receive "$folder/form.tiff" --format json 2>/dev/null |
    sed -n 's/.*"number": "\(.*\)".*/\1/p') || true
  printf '%-52s %s codes; the number read back: %s\n' "on the page" "$drawn" "${back:-none}"
}

# A process each: medians of wall and processor time, and the most memory.
each() { "$build/bench-run" "$@"; }

fop_input() {
  local faces name weight file
  faces=$(while read -r weight file name; do
    printf '<font embed-url="file:/usr/share/fonts/truetype/%s"><font-triplet name="%s" style="normal" weight="%s"/></font>' \
      "$file" "$name" "$weight"
  done <<'END'
normal bizud-gothic/BIZUDGothic-Regular.ttf BIZ UDGothic
bold bizud-gothic/BIZUDGothic-Bold.ttf BIZ UDGothic
normal bizud-mincho/BIZUDMincho-Regular.ttf BIZ UDMincho
normal ipamj/ipamjm.ttf IPAmjMincho
normal dejavu/DejaVuSans.ttf DejaVu Sans
END
)
  printf '<fop version="1.0"><renderers><renderer mime="application/pdf"><fonts>%s</fonts></renderer></renderers></fop>' \
    "$faces" >"$folder/fop.xconf"
  # It knows neither our attributes nor our codes: white of the same size.
  sed -E -e 's# k:[a-z]+="[^"]*"##g' \
    -e 's#<k:qr [^>]*/>#<svg xmlns="http://www.w3.org/2000/svg" width="28mm" height="28mm"/>#g' \
    "$folder/form.fo" >"$folder/fop.fo"
}

# peer NAME COMMAND…: beside ours, in turn, so that the machine does to both what it does.
peer() {
  local name=$1 program our_wall our_busy their_wall their_busy their_memory our_memory
  program=$(command -v "$2") || {
    printf '%-52s not installed\n' "$name"
    return 0
  }
  read -r our_wall our_busy our_memory < <(each 5 "${ours[@]}")
  if ! read -r their_wall their_busy their_memory < <(each 5 "$program" "${@:3}" 2>/dev/null); then
    printf '%-52s did not succeed\n' "$name"
    return 0
  fi
  figures "$name" "$their_wall" "$their_busy" \
    "ratio: wall $(ratio "$their_wall" "$our_wall"), processor $(ratio "$their_busy" "$our_busy"), memory $(ratio "$their_memory" "$our_memory")"
}

in_process
codes
ours=("$renkei" --db "$folder/paper.db" form print R8-0001 fj-2-1 -y -o "$folder/ours.pdf")
each 1 "${ours[@]}" >/dev/null
read -r cold cold_busy _ < <(each 11 "${ours[@]}")
printf '%-52s %11s %11s\n' "a paper of a case, a process each" "wall" "processor"
figures "renkei form print" "$cold" "$cold_busy" "wanted: 90"
if command -v fop >/dev/null; then fop_input; fi
peer "FOP, from our FO" fop -q -c "$folder/fop.xconf" -fo "$folder/fop.fo" -pdf "$folder/fop.pdf"
peer "WeasyPrint, from our HTML" weasyprint -q "$folder/form.html" "$folder/weasyprint.pdf"
peer "Chromium, from our HTML" chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
  "--user-data-dir=$folder/chromium" "--print-to-pdf=$folder/chromium.pdf" "file://$folder/form.html"
peer "wkhtmltopdf, from our HTML" wkhtmltopdf -q "$folder/form.html" "$folder/wkhtmltopdf.pdf"
