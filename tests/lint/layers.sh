#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Dependencies point one way, and a foreign library has one home (layers.txt).
. "$(dirname "$0")/tap.sh"

rules=${RENKEI_LAYERS:-tests/lint/layers.txt}
sources=$(files '*.c' '*.h' | grep -E '^(engine|renderers)/')

# shellcheck disable=SC2086
findings=$(awk '
  function folder_of(file,   name) {
    for (name in folder)
      if (index(file, folder[name] "/") == 1)
        return name
    return ""
  }
  # The layer whose header `path` is, as seen from -I engine and -I renderers.
  function layer_of_header(path, file,   name, dir) {
    if (path == "renkei.h")
      return "public"
    name = folder_of(path) # from the top
    if (name == "")
      name = folder_of("engine/" path)
    if (name != "")
      return name
    if (path !~ /\//) # beside the file, or at the top of renderers
      return (("renderers/" path) in is_source) ? "render" : folder_of(file)
    return ("renderers/" path) in is_source ? "render" : "?"
  }
  FILENAME == ARGV[1] {
    sub(/#.*/, "")
    if ($1 == "layer") {
      sub(/:$/, "", $3)
      folder[$2] = $3
      for (i = 5; i <= NF; i++) sees[$2, $i] = 1
    } else if ($1 == "home") {
      for (i = 3; i <= NF; i++) home[$2] = home[$2] " " $i
    }
    next
  }
  BEGIN { for (i = 2; i < ARGC; i++) is_source[ARGV[i]] = 1 }
  /^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\"")
    mine = folder_of(FILENAME)
    theirs = layer_of_header(part[2], FILENAME)
    if (mine == "" && FILENAME !~ /^engine\/include\//)
      print FILENAME ": in no layer"
    else if (theirs != "public" && theirs != mine && !((mine, theirs) in sees))
      print FILENAME ":" FNR ": " mine " must not see " theirs " (" part[2] ")"
  }
  /^[ \t]*#[ \t]*include[ \t]*</ {
    split($0, part, "[<>]")
    for (header in home)
      if (index(part[2], header) == 1) {
        n = split(home[header], place, " ")
        at_home = 0
        for (i = 1; i <= n; i++)
          if (FILENAME == place[i] || index(FILENAME, place[i] "/") == 1) at_home = 1
        if (!at_home)
          print FILENAME ":" FNR ": " part[2] " has its home in" home[header]
      }
  }' "$rules" $sources)

check "includes go only from upper layers to lower ones" "$(echo "$findings" | grep -v 'has its home' | grep .)"
check "each foreign library is used in its home only" "$(echo "$findings" | grep 'has its home')"
check "there are sources to look at" "$([ -n "$sources" ] || echo "none found below $RENKEI_SRCDIR")"
done_testing
