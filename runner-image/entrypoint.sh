#!/bin/sh
# Waits for Node.js and gitlab-runner and forwards signals, so that Node.js need not stay in memory.
# main.js makes the decisions:
#   refuse               reports that the image takes no arguments
#   start                registers the replica; creates the file "ready" if gitlab-runner may run
#   stop, after-crash    end the replica, write its exit code; after-crash if gitlab-runner exited
# The state of this script; each variable is empty until it applies:
#   start_pid runner_pid watch_pid   main.js start; gitlab-runner; watch.sh
#   stop_pid                         main.js stop or after-crash; 0 until the process exists
#   stop_requested stop_forced       received a stop signal; received a second one
#   runner_exit                      gitlab-runner's exit code, if it exited by itself
start_pid='' runner_pid='' watch_pid='' stop_pid=''
stop_requested='' stop_forced='' runner_exit=''
# Only tests set these paths.
lib=${POOL_LIB:-/usr/local/lib/gitlab-runner-pool} run=${POOL_RUN:-/run/gitlab-runner-pool}
etc=${POOL_ETC:-/etc/gitlab-runner} node=${POOL_NODE:-/usr/local/bin/node}
[ "$#" -eq 0 ] || exec "$node" "$lib/main.js" refuse "$@"

# Runs main.js in its own session, where signals from a closed terminal cannot end it.
run_node() { exec setsid "$node" "$lib/main.js" "$@"; }

# Waits until a process has ended, and sets code. A signal interrupts wait, so it is repeated.
wait_for() { while wait "$1"; code=$?; kill -0 "$1" 2>/dev/null; do :; done; }

# shellcheck source=runner-image/signals.sh
. "$lib/signals.sh"
# shellcheck source=runner-image/folders.sh
. "$lib/folders.sh"
# shellcheck source=runner-image/place.sh
. "$lib/place.sh"
# shellcheck source=runner-image/early-start.sh
. "$lib/early-start.sh"
# shellcheck source=runner-image/watch.sh
. "$lib/watch.sh"
# shellcheck source=runner-image/shutdown.sh
. "$lib/shutdown.sh"

forget_files
trap forget_files EXIT
hold_config_folder
make_pipes
take_place
{ export POOL_PLACE="$place"; run_node start "$config_folder"; } & start_pid=$!
[ -z "$stop_requested" ] || kill -TERM "$start_pid" 2>/dev/null
prepare_runner
[ -z "$config_pipe" ] || run_runner
wait_for "$start_pid"
start_pid=''
if [ ! -e "$run/ready" ]; then
  [ -z "$runner_pid" ] || kill -KILL "$runner_pid" 2>/dev/null
  # If the stop signal killed the start, Node.js was not listening yet and had done nothing.
  [ -z "$stop_requested" ] || [ "$(kill -l "$code" 2>/dev/null)" != TERM ] || code=0
  exit "$code"
fi

export_proxy
if [ -z "$stop_requested" ]; then
  [ -n "$runner_pid" ] || run_runner
  # The watch does not inherit this shell's pipe and locks.
  watch 7<&- 8<&- 9>&- & watch_pid=$!
fi
[ -z "$stop_requested" ] || shut_down
while [ -z "$stop_pid" ] && { wait "$runner_pid"; code=$?; kill -0 "$runner_pid" 2>/dev/null; }; do :; done
# From here on, a signal finds a shutdown in progress.
: "${stop_pid:=0}"
if [ "$stop_pid" -eq 0 ]; then
  runner_exit=$code stop_forced=$stop_requested
  start_stop
fi
await_shutdown
