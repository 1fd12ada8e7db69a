#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The engine knows no municipality and no vendor; no file knows one person's machine.
. "$(dirname "$0")/tap.sh"

names='fujisawa|mito|nagareyama|kanzaki|marugame|藤沢|水戸|流山|神崎|丸亀|kanamic|カナミック|tritrus'
# As whole words, so that "mitochondria" or a camelCase name is none.
check "no municipality and no vendor in engine/ and renderers/" "$(files '*' |
  grep -E '^(engine|renderers)/' | grep -v '\.md$' |
  xargs -r grep -nHwiE "$names" 2>/dev/null)"

check "no path of one person's machine" "$(files '*' |
  grep -E '^(\.ci|build-aux/(needs|suite|embed)|engine|renderers|workflows|forms|examples|tests|po|man|completions|debian|[A-Z]|quickstart|configure\.ac)' |
  grep -vE '^(Makefile\.in|tests/lint/words\.sh|tests/lint/lints-can-fail\.sh)$' |
  xargs -r grep -nHE '(^|[^[:alnum:]._$}])/(work|root|home/[a-z]+|tmp/(wt|build)-[a-z]+)(/|$)' 2>/dev/null)"
done_testing
