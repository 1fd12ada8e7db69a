#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A lint that cannot fail proves nothing: each rule is shown a tree that breaks it.
. "$(dirname "$0")/tap.sh"
need ctags xmllint mandoc msgfmt shellcheck gcc

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rules=$(pwd)/tests/lint/layers.txt

# bad LINT RULE FILE CONTENT: with FILE in an otherwise empty tree, RULE of LINT fails.
bad() {
  rm -rf "$scratch/tree" && mkdir -p "$scratch/tree/$(dirname "$3")"
  printf '%b' "$4" >"$scratch/tree/$3"
  said=$(RENKEI_SRCDIR=$scratch/tree RENKEI_LAYERS=$rules sh "$here/$1.sh" 2>&1)
  check "$1: \"$2\" can fail" "$(echo "$said" | grep -q "^not ok [0-9]* - $2" || echo "$said")"
}

long=$(printf '%0120d' 0 | sed 's/0/  x();\\n/g')
bad layers "includes go only" engine/base/a.c '#include "store/store.h"\n'
bad layers "includes go only" engine/cli/a.c '#include "base/xml.h"\n'
bad layers "includes go only" renderers/a.c '#include "machine/machine.h"\n'
bad layers "each foreign library" engine/case/a.c '#include <sqlite3.h>\n'
bad layers "each foreign library" engine/base/a.c '#include <libxml/parser.h>\n'
bad functions "no function is longer" engine/base/a.c "void a(void) {\n$long}\n"
bad functions "the median" engine/base/a.c "void a(void) {\n$long}\n"
bad functions "nine in ten" engine/base/a.c "void a(void) {\n$long}\n"
bad functions "no source file" engine/base/a.c "$long$long$long$long$long$long"
bad spdx "every file" engine/base/a.c 'int a;\n'
bad words "no municipality" engine/base/a.c '/* for Mito */\n'
bad words "no municipality" renderers/a.xsl '<!-- 藤沢 -->\n'
bad words "no path" tests/a.sh "cat /ho""me/anna/x\n"
bad documents "all shipped XML" forms/a.xml '<form>'
bad documents "English manual" man/a.1 '.Dd today\n.Sh NAME\n.Nm\n.Xx\n'
bad documents "translations" po/ja.po 'msgid "%%d"\nmsgstr\n'
# shellcheck disable=SC2016
bad documents "each test" tests/README.md '## Traps\n| Trap | `no_such_test` |\n## Lints\n'
bad documents "relative links" README.md '[there](no/such/file)\n'
bad spec "each document has" tests/spec/a.scxml '<!-- 3.1: It is. -->\n<scxml/>\n'
bad spec "each document can" tests/spec/a.scxml '<!-- 3.1: It is. -->\n<final id="fail"/>\n'
bad spec "each line" tests/spec/README.md '| 3.1 | It is. | [a](a.scxml) |\n'
# shellcheck disable=SC2016
bad scripts "tests/a.sh passes" tests/a.sh '#!/bin/sh\nrm $1/*\n'

echo "int rk_undeclared; int rk_undeclared_too(void) { return 0; }" >"$scratch/lib.c"
gcc -shared -fPIC -o "$scratch/lib.so" "$scratch/lib.c" -Wl,--no-as-needed -licui18n
said=$(RENKEI_LIBRARY=$scratch/lib.so sh "$here/symbols.sh" 2>&1)
check "symbols: an undeclared export is found" "$(echo "$said" | grep -q '^# rk_undeclared_too' || echo "$said")"
check "symbols: a missing export is found" "$(echo "$said" | grep -q '^not ok 2' || echo "$said")"
check "symbols: a library for few commands is found" "$(echo "$said" | grep -q '^#.*icui18n' || echo "$said")"
done_testing
