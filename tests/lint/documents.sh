#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Documents are in order: XML well-formed, manual pages, translations, each
# diagnostic explained, each document linked to.
. "$(dirname "$0")/tap.sh"
need xmllint mandoc msgfmt

check "all shipped XML is well-formed" "$(files '*.xml' '*.scxml' '*.xsl' '*.rng' '*.conf' |
  grep -E '^(workflows|forms|renderers|examples)/' | xargs -r xmllint --noout --nonet 2>&1)"
check "English manual pages have no fault" "$(files '*.[1-8]' | grep '^man/' | grep -v '^man/ja/' |
  xargs -r mandoc -T lint -W warning 2>&1)"
# mandoc knows only English section names; all else counts in Japanese pages too.
check "Japanese manual pages have no fault" "$(files '*.[1-8]' | grep '^man/ja/' |
  xargs -r mandoc -T lint -W warning 2>&1 | grep -vE 'first section is not "?NAME|NAME section')"
check "translations are well-formed" "$(for po in $(files '*.po'); do
  LC_ALL=C.UTF-8 msgfmt -c -o /dev/null "$po" 2>&1
done)"

if [ -e man/renkei-diag.7 ]; then
  check "every diagnostic code is explained in renkei-diag(7)" "$(
    cat engine/base/diag-*.def | sed -n 's/^DIAG([A-Z0-9_]*, *"\([A-Z0-9]*\)".*/\1/p' | while read -r code; do
      grep -q "$code" man/renkei-diag.7 || echo "$code"
    done
  )"
else
  skip "every diagnostic code is explained in renkei-diag(7)" "the page is not written yet"
fi

check "relative links in the documents lead somewhere" "$(files '*.md' | while read -r file; do
  grep -oE '\]\([^)#: ]+' "$file" | sed 's/^](//' | while read -r link; do
    [ -e "$(dirname "$file")/$link" ] || echo "$file: $link"
  done
done)"

# shellcheck disable=SC2016
check "each test that the traps in tests/README.md name exists" "$(sed -n '/^## Traps/,/^## Lints/p' tests/README.md 2>/dev/null |
  grep '^| ' | sed 's/^|[^|]*|//' | grep -o '`[^`]*`' | tr -d '`' | while read -r name; do
  grep -qrF -e "static void $name(" -e "@test \"$name\"" tests/unit tests/cli 2>/dev/null ||
    [ -e "tests/spec/$name.scxml" ] || echo "$name"
done)"
done_testing
