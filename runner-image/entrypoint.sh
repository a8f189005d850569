#!/bin/sh
# Waits, so that no node process has to while the replica is idle. What needs deciding is decided in main.js:
#   start   settings, registration, config.toml; says by the file "ready" that gitlab-runner may run
#   online  says when gitlab-runner polls, and ends
#   stop    drains gitlab-runner, then takes the replica off GitLab; a second signal hurries it
#   leave   takes the replica off after gitlab-runner ended by itself
# These paths are set by tests alone.
lib=${POOL_LIB:-/usr/local/lib/gitlab-runner-pool} run=${POOL_RUN:-/run/gitlab-runner-pool}
config=${POOL_CONFIG:-/etc/gitlab-runner/config.toml} node=${POOL_NODE:-/usr/local/bin/node}
told='' runner='' stopping=''

# A wait is cut short by a signal, so it goes on until the process has ended.
await() {
  while wait "$1"; code=$?; kill -0 "$1" 2>/dev/null; do :; done
}

on_signal() {
  stopping=yes
  if [ -n "$told" ]; then
    kill -QUIT "$told" 2>/dev/null
  elif [ -n "$runner" ]; then
    "$node" "$lib/main.js" stop "$runner" & told=$!
  fi
}
trap on_signal QUIT

rm -f "$run/ready"
"$node" "$lib/main.js" start & told=$!
[ -z "$stopping" ] || kill -QUIT "$told"
await "$told"
[ -e "$run/ready" ] || { [ -z "$stopping" ] || exit 0; exit "$code"; }

told=''
unset RUNNER_CI_TOKEN RUNNER_SETTINGS
# A session of its own: a terminal's Ctrl-C reaches this script only.
setsid gitlab-runner run --config "$config" --working-directory "${POOL_WORK:-/home/gitlab-runner}" & runner=$!
"$node" "$lib/main.js" online "$runner" &
[ -z "$stopping" ] || [ -n "$told" ] || on_signal
await "$runner"
ended=$code

trap : QUIT
[ -n "$told" ] || { "$node" "$lib/main.js" leave "$ended" & told=$!; }
trap 'kill -QUIT "$told" 2>/dev/null' QUIT
await "$told"
exit "$code"
