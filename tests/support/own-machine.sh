#!/bin/sh
# Runs a command as on a separate machine: in a network namespace without any network, and with its
# own /run. An engine that the command starts has its own docker0, firewall and socket, and does not
# disturb this machine's engine.
#
#   sh tests/support/own-machine.sh [--programs FOLDER] COMMAND…
#
# FOLDER contains the programs of another engine (dockerd, containerd and its shim, runc). Nothing
# can be downloaded inside, so run `npm run platform` outside first. LOCAL_PLATFORM_DIR must be set:
# the command's local platform keeps its state there. Programs that the command leaves running stay
# in the namespace, so end with `npm run demo:down`.
set -eu
programs=
if [ "$1" = --programs ]; then
	programs=$(cd "$2" && pwd)
	shift 2
fi
: "${LOCAL_PLATFORM_DIR:?names the state folder of the platform inside}"
export LOCAL_PLATFORM_DIR
[ -z "$programs" ] || PATH=$programs:$PATH
exec unshare --net --mount sh -euc '
	ip link set lo up
	mount -t tmpfs -o mode=755 tmpfs /run
	exec "$@"
' own-machine "$@"
