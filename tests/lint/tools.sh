#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The scripts that the build and the tests lean on do what they say.
. "$(dirname "$0")/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# needs.sh
build-aux/needs.sh run >"$scratch/run"
build-aux/needs.sh check >"$scratch/check"
check "packages are plain names" "$(grep -vE '^[a-z0-9][a-z0-9.+-]+$' "$scratch/check")"
check "what builds is also there for the tests" "$(comm -23 "$scratch/run" "$scratch/check")"
check "test packages are not fetched for building" "$(grep -E '^(bats|clang|libcmocka-dev)$' "$scratch/run")"
check "test packages are fetched for testing" "$(printf '%s\n' bats clang libcmocka-dev | comm -23 - "$scratch/check")"
check "the fonts are fetched for running" "$(printf '%s\n' fonts-ipamj-mincho | comm -23 - "$scratch/run")"

# tour.sh, with a renkei that says what it is told
mkdir "$scratch/bin"
printf '#!/bin/sh\necho "at noon: $*"\n' >"$scratch/bin/renkei"
chmod +x "$scratch/bin/renkei"
# tour WANTED-STATUS EXPECTED-LINE
tour() {
  # shellcheck disable=SC2016 # the document's
  printf '```console\n$ renkei list\n%s\n```\n' "$2" >"$scratch/tour.md"
  PATH=$scratch/bin:$PATH tests/tour.sh "$scratch/tour.md" >"$scratch/out" 2>&1
  status=$?
  [ "$status" -eq "$1" ] || { echo "status $status" && cat "$scratch/out"; }
}
check "a tour that says what happens passes" "$(tour 0 'at noon: list')"
check "an ellipsis stands for anything" "$(tour 0 'at …: list')"
check "a tour that says something else fails" "$(tour 1 'at noon: show')"
check "a pattern character stands for itself" "$(tour 1 'at n*: list')"
check "a document without a command fails" "$(
  echo "no tour" >"$scratch/none.md"
  PATH=$scratch/bin:$PATH tests/tour.sh "$scratch/none.md" >/dev/null 2>&1 && echo "passed"
)"

# unprivileged.sh
: >"$scratch/secret"
chmod 600 "$scratch/secret"
chmod 755 "$scratch"
check "an unprivileged command is not root" "$(tests/unprivileged.sh id -u | grep -x 0)"
check "an unprivileged command says what the program said" "$(
  tests/unprivileged.sh sh -c 'exit 42'
  [ $? -eq 42 ] || echo "status lost"
)"
if [ "$(id -u)" -eq 0 ]; then
  check "root's files are closed to an unprivileged command" "$(tests/unprivileged.sh cat "$scratch/secret" 2>/dev/null && echo "was read")"
else
  skip "root's files are closed to an unprivileged command" "not root"
fi
done_testing
