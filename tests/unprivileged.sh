#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# unprivileged.sh COMMAND… - run it without root's rights, for tests of permissions.
#
# Root becomes nobody, without capabilities; everybody else stays who they are. If rights are
# left after that, the command is not run and the status is 99: a test of permissions
# that runs as root proves nothing. What the command needs must be readable to others.
set -eu
# shellcheck disable=SC2016 # expanded by the shell that has dropped the rights
run='if grep -q "^CapEff:[[:space:]]*0*$" /proc/self/status && [ "$(id -u)" -ne 0 ]; then exec "$@"; fi
echo "unprivileged.sh: still has the rights of root" >&2
exit 99'
if [ "$(id -u)" -eq 0 ]; then
  exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
    sh -c "$run" unprivileged "$@"
fi
exec sh -c "$run" unprivileged "$@"
