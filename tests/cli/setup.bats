#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1010,SC2016,SC2154
# How an office sets the program up: the sudoers rule, whose hand it is, what a file may replace.
load cli
setup() {
  cli_setup
  dist=$RENKEI_SRCDIR/dist
}

@test "the sudoers rule is one that sudo takes" {
  visudo=$(PATH=$PATH:/usr/sbin:/sbin command -v visudo) || skip "no visudo here"
  cp "$dist/renkei.sudoers" rule
  chmod 0440 rule
  "$visudo" -c -f rule
  sed 's/NOEXEC:/NOEXEX:/' "$dist/renkei.sudoers" >wrong
  run ! "$visudo" -c -f wrong
}

@test "the rule lets no shell, no other program and no variable through" {
  grep -q '^%renkei-clerks ALL = (renkei) NOPASSWD: NOEXEC: RENKEI, EXEC: RENKEI_STARTS$' "$dist/renkei.sudoers"
  grep -q '^Cmnd_Alias RENKEI = /usr/bin/renkei$' "$dist/renkei.sudoers"
  grep -q '^Defaults!RENKEI env_reset, !setenv' "$dist/renkei.sudoers"
  run ! grep -E '^[^#]*env_keep.*(RENKEI_|EDITOR|VISUAL|PATH|HOME|XDG|TMPDIR|LD_)' "$dist/renkei.sudoers"
}

@test "the wrapper asks sudo, as the account, with the words as they are" {
  mkdir bin
  printf '#!/bin/sh\nfor w; do printf "[%%s]" "$w"; done\n' >bin/sudo
  chmod +x bin/sudo
  PATH=$PWD/bin:$PATH run "$dist/renkei-clerk" search "例示 花子" ""
  [[ $output == "[-n][-u][renkei][--][/usr/bin/renkei][search][例示 花子][]" ]]
}

@test "the folder and the account of the snippets fit each other" {
  grep -q '^d /var/lib/renkei 0700 renkei renkei' "$dist/renkei.tmpfiles"
  grep -q '^u renkei .*/var/lib/renkei$' "$dist/renkei.sysusers"
}

@test "who does not own the file is who he is, whatever SUDO_UID says" {
  [[ $(id -u) -eq 0 ]] || skip "only root can make a file of another account"
  nobody=$(id -un 65534)
  chmod 0755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" 2>/dev/null || true
  mkdir shared
  renkei --db shared/desk.db -q init --office a --municipality fujisawa --roles association
  chown 65534 shared
  chmod 0700 shared
  chmod 0666 shared/desk.db*
  cp -RL "$RENKEI_BUILDDIR/.libs/renkei" "$RENKEI_BUILDDIR"/.libs/librenkei.so* .
  chmod 0755 renkei librenkei.so*
  cd shared
  # Root owns the file and may say for whom it works; nobody may not, though he can write it.
  SUDO_UID=1 LD_LIBRARY_PATH=.. run --separate-stderr ../renkei --db desk.db list
  [[ $status -eq 4 && $stderr == *"'$(id -un 1)'"* ]]
  SUDO_UID=0 LD_LIBRARY_PATH=.. run --separate-stderr \
    "$RENKEI_SRCDIR/tests/unprivileged.sh" ../renkei --db desk.db list
  echo "$status: $stderr"
  [[ $status -eq 4 && $stderr == *"'$nobody'"* && $stderr != *"'root'"* ]]
}

@test "no output takes the place of the database or of what belongs to it" {
  make_association
  for name in association.db association.db-wal association.db.sign-key ./association.db; do
    refused 2 association -y form blank fj-3 -o "$name"
    refused 2 association -y checkpoint -o "$name"
  done
  association verify
}

@test "a link where the output should go is replaced, and what it leads to stays" {
  make_association
  echo precious >other.txt
  ln -s other.txt blank.pdf
  refused 5 association form blank fj-3 -o blank.pdf
  association -y form blank fj-3 -o blank.pdf
  [[ $(cat other.txt) == precious && ! -L blank.pdf ]]
  [[ $(stat -c %a blank.pdf) == 600 ]]
}

@test "a link is no database" {
  make_association
  ln -s association.db link.db
  refused 10 renkei --db link.db --clock "$now" list
}

@test "a document in any format goes to standard output for whoever may write no file" {
  renkei form blank fj-3 -o -.pdf | head -c 4 | grep -q '%PDF'
  renkei form blank fj-3 -o - | grep -qi '<html'
  [[ -z $(ls -A ./-.pdf 2>/dev/null) ]]
  refused 2 renkei form blank fj-3 -o -.doc
}
