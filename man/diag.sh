#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# diag.sh DIAG.def…: renkei-diag(7), written from the tables. {1} … stand for names, shown as "…".
cat <<'END'
.\" SPDX-License-Identifier: Apache-2.0
.\" Written by man/diag.sh from engine/base/diag-*.def; `make update-man` writes it again.
.Dd November 21, 2026
.Dt RENKEI-DIAG 7
.Os
.Sh NAME
.Nm renkei-diag
.Nd what renkei says, and what to do about it
.Sh DESCRIPTION
Each error, warning and note of
.Xr renkei 1
has a code that never changes its meaning.
The first two letters tell where it comes from:
BA files and dates, CS cases and procedures, DB the database, FM forms and papers,
WF workflows, CT registers and channels, TS tests of procedures, AN checks of files, RN printing.
.Sh DIAGNOSTICS
.Bl -tag -width Ds
END
cat "$@" | sed -nE 's/^DIAG\([A-Z0-9_]+, "([A-Z0-9]+)", ([A-Z]+), N_\("(.*)"\), N_\("(.*)"\)\)$/\1\t\2\t\3\t\4/p' |
  LC_ALL=C sort |
  awk -F'\t' '
    function text(s) {
      gsub(/\\"/, "\"", s)
      gsub(/[{][1-9][}]/, "…", s)
      gsub(/\\/, "\\e", s)
      while (match(s, /[.] [A-Z]/)) s = substr(s, 1, RSTART) "\n" substr(s, RSTART + 2)
      return s ~ /^[.\x27]/ ? "\\\\&" s : s
    }
    { print ".It " $1 " (" tolower($2) ")"; print text($3); print ".br"; print text($4) }'
cat <<'END'
.El
.Sh SEE ALSO
.Xr renkei 1
END
