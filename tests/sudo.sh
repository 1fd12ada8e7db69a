#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sudo.sh - the shipped sudoers rule at work: clerks, a stranger and the account that owns the
# database, with the renkei in PATH as it was installed.
#
# All this happens in a mount namespace of its own, where other files stand in the places of
# /etc/passwd, group, shadow and sudoers; outside nothing is changed. Only root can make one, and only
# where sudo is installed: else status 77, not tried.
# shellcheck disable=SC2317 # as, clerk and saw are called by ok and no
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

not_tried() {
  echo "not tried: $1"
  exit 77
}

if [[ ${1:-} != --inside ]]; then
  [[ $(id -u) -eq 0 ]] || not_tried "only root can put other accounts in place"
  for tool in sudo unshare setpriv; do
    command -v "$tool" >/dev/null || not_tried "there is no $tool"
  done
  unshare --mount --propagation private true 2>/dev/null || not_tried "no mount namespace is allowed here"
  exec unshare --mount --propagation private "$0" --inside
fi

program=$(readlink -f "$(command -v renkei)")
setpriv --reuid=64990 --regid=64990 --clear-groups test -x "$program" ||
  not_tried "other accounts cannot reach $program"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 0755 "$scratch"
cd "$scratch"

# accounts: the one that owns, two clerks, one who is none.
{
  cat /etc/passwd
  printf '%s:x:%d:64990::/nonexistent:/bin/sh\n' renkei 64990 suzuki 64991 tanaka 64992 stranger 64993
} >passwd
{
  cat /etc/group
  printf 'renkei:x:64990:\nrenkei-clerks:x:64991:suzuki,tanaka\n'
} >group
{
  cat /etc/shadow
  printf '%s:*:19000:0:99999:7:::\n' renkei suzuki tanaka stranger
} >shadow
sed "s,/usr/bin/renkei,$program,g" "$here/dist/renkei.sudoers" >sudoers
sed "s,/usr/bin/renkei,$program,g" "$here/dist/renkei-clerk" >clerk
chmod 0755 clerk
chmod 0440 sudoers
chmod 0600 shadow
for file in passwd group shadow sudoers; do
  mount --bind "$file" "/etc/$file"
done
install -d -m 0700 -o renkei -g renkei data
failed=0

# ok WHAT COMMAND…: it succeeds.
ok() {
  local what=$1
  shift
  if "$@" >out 2>&1 </dev/null; then
    echo "ok: $what"
  else
    echo "FAILED ($?): $what"
    sed 's/^/  /' out
    failed=1
  fi
}
# no WHAT COMMAND…: it does not.
no() {
  local what=$1
  shift
  if "$@" >out 2>&1 </dev/null; then
    echo "FAILED: $what"
    sed 's/^/  /' out
    failed=1
  else
    echo "ok: $what"
  fi
}
as() { setpriv --reuid="$1" --regid=64990 --init-groups --reset-env env LC_ALL=C.UTF-8 "${@:2}"; }
# A clerk's own primary group must not open what belongs to the account: 0700 and 0600 do that.
clerk() { as "$1" "$scratch/clerk" --db "$scratch/data/desk.db" "${@:2}"; }
saw() { clerk suzuki log --format json | grep "\"$1\"" >/dev/null; }

ok "a clerk makes the office's database" clerk suzuki -q init --office a --municipality fujisawa --roles association
ok "it belongs to the account" test "$(stat -c %U:%a data/desk.db)" = renkei:600
ok "the clerk reads it through the program" clerk suzuki list
ok "and opens a case" clerk suzuki -q new fujisawa-member-registration --set institution=例示クリニック
ok "who he is, the journal knows from sudo" saw suzuki
no "whom the office has not entered is refused" clerk tanaka list
ok "he can be entered" clerk suzuki -q operator add tanaka --name 田中 --roles association
ok "and works then" clerk tanaka list
no "who is no clerk does not get past sudo" clerk stranger list
no "nobody reads the file beside the program" as suzuki cat "$scratch/data/desk.db"
no "nor lists its folder" as suzuki ls "$scratch/data"
no "no shell runs as the account" as suzuki sudo -n -u renkei sh -c true
no "nor another program" as suzuki sudo -n -u renkei cat "$scratch/data/desk.db"
no "nor the program as root" as suzuki sudo -n "$program" --version
no "no variable is given along" as suzuki sudo -n -u renkei RENKEI_DATADIR=/nonexistent "$program" --version
ok "one that is set does not pass" as suzuki env RENKEI_DATADIR=/nonexistent RENKEI_DB=/nonexistent/x.db "$scratch/clerk" \
  --db "$scratch/data/desk.db" list

# A clerk's file goes in through standard input; the one program that draws PDF may start then, and only
# the system's own.
as suzuki "$program" form blank fj-2-1 -o -.pdf >blank.pdf || failed=1
mkdir evil
printf '#!/bin/sh\ntouch %s/evil/ran\n' "$scratch" >evil/pdftoppm
chmod 0777 evil
chmod 0755 evil/pdftoppm
received() { # received WORD…: the blank's page is known for what it is
  local status=0
  as suzuki env PATH="$scratch/evil:$PATH" "$scratch/clerk" "$@" <blank.pdf >seen 2>&1 || status=$?
  cat seen
  [[ $status -eq 7 ]] && grep 'blank-form\|FJ-2-1' seen >/dev/null
}
# The wrapper passes the words as they are: the database is named after the command.
no "with options before the command nothing is started" received --db "$scratch/data/desk.db" receive -
ok "a PDF is received" received receive --db "$scratch/data/desk.db" -
ok "and not drawn by a program of the caller's" test ! -e evil/ran
no "SUDO_UID of a caller's own is not believed" as tanaka env SUDO_UID=64991 "$program" --db "$scratch/data/desk.db" list
exit "$failed"
