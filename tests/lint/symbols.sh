#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# librenkei exports exactly the functions that renkei.h declares, and starts without what few commands need.
. "$(dirname "$0")/tap.sh"
need ctags nm readelf

library=${RENKEI_LIBRARY:-${RENKEI_BUILDDIR:-.}/.libs/librenkei.so}
[ -e "$library" ] || skip_all "librenkei is not built as a shared library"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ctags --languages=C --map-C=+.h --kinds-C=p -I G_DEFINE_AUTOPTR_CLEANUP_FUNC+ -x engine/include/renkei.h | awk '$1 ~ /^rk_/ { print $1 }' | sort -u >"$scratch/declared"
nm -D --defined-only "$library" | awk '$2 ~ /[TDBRVW]/ { print $3 }' | sort -u >"$scratch/exported"
check "renkei.h declares functions" "$([ -s "$scratch/declared" ] || echo none)"
check "every declared function is exported" "$(comm -23 "$scratch/declared" "$scratch/exported")"
check "nothing else is exported" "$(comm -13 "$scratch/declared" "$scratch/exported")"
check "eras, printing and scans are loaded when they are needed" "$(readelf -d "$library" |
  grep -E 'NEEDED.*lib(icui18n|pango|cairo|harfbuzz|fontconfig|xslt|tiff|png|zbar|qrencode)')"
done_testing
