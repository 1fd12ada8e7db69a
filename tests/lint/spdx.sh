#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every file we write says its licence in its first five lines.
. "$(dirname "$0")/tap.sh"

is_ours() { # not what autotools put here, not data in other people's formats
  grep -vE '^(config\.h$|build-aux/(ar-lib|compile|config\.(guess|sub)|depcomp|install-sh|ltmain\.sh|missing|tap-driver\.sh|test-driver)|m4/|aclocal\.m4|tests/golden/)'
}
ours=$(files '*.c' '*.h' '*.def' '*.am' '*.ac' '*.sh' '*.bash' '*.bats' '*.sql' '*.xsl' '*.scxml' '*.xml' \
  '*.rnc' '*.rng' '*.conf' '*.awk' '*.[1-8]' '*.po' run quickstart control rules | is_ours)
check "every file has its SPDX line" "$(for file in $ours; do
  head -5 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0' || echo "$file"
done)"
done_testing
