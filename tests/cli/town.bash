# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# town.bash - a town's papers as its tests moved them, held against tests/expect/TOWN-papers.tsv,
# which was copied from its handbook by hand.

town_rows() { grep -v '^#' "$RENKEI_SRCDIR/tests/expect/$1-papers.tsv" | awk -F'\t' -v what="$2" '$1 == what { print $2 "\t" $3 "\t" $4 (what == "moves" ? "\t" $5 : "") }' | sort; }

# town_moves TOWN: papers went the ways of the list and no other.
town_moves() {
  renkei --format jsonl workflow test --papers "$RENKEI_SRCDIR/workflows/$1" >seen.jsonl
  jq -r 'select(.what == "moves") | [.form, .from, .to, .channel] | @tsv' seen.jsonl | sort >moves
  diff <(town_rows "$1" moves) moves
}

# town_lies TOWN: papers lie where the list keeps them, else only with who wrote them or passed
# them on, and never with whom it excludes.
town_lies() {
  renkei --format jsonl workflow test --papers "$RENKEI_SRCDIR/workflows/$1" >seen.jsonl
  jq -r 'select(.what == "lies") | [.form, .from, .to] | @tsv' seen.jsonl | sort >lies
  [[ -s lies ]]
  [[ -z $(comm -23 <(town_rows "$1" kept) lies) ]]
  comm -13 <(town_rows "$1" kept) lies | while IFS=$'\t' read -r form kind holder; do
    town_rows "$1" moves | awk -F'\t' -v f="$form" -v h="$holder" -v k="$kind" \
      '$1 == f && ($2 == h || ($3 == h && k != "original")) { found = 1 } END { exit !found }'
  done
  town_rows "$1" never | while IFS=$'\t' read -r form _ whom; do
    ! grep -q "^$form	[a-z]*	$whom\$" lies
  done
}
