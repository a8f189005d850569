#!/bin/sh
# Waits, so that no node process has to while the replica is idle. What needs deciding is decided in main.js:
#   start   settings, registration, config.toml; says by the file "ready" that gitlab-runner may run
#   online  says when gitlab-runner polls, and ends
#   stop    drains gitlab-runner, then takes the replica off GitLab; a second signal hurries it
#   leave   takes the replica off after gitlab-runner ended by itself
# These paths are set by tests alone.
lib=${POOL_LIB:-/usr/local/lib/gitlab-runner-pool} run=${POOL_RUN:-/run/gitlab-runner-pool}
config=${POOL_CONFIG:-/etc/gitlab-runner/config.toml} node=${POOL_NODE:-/usr/local/bin/node}
work=${POOL_WORK:-/home/gitlab-runner}
starter='' runner='' stopper='' stopping=''

# A wait is cut short by a signal, so it goes on until the process has ended.
await() {
  while wait "$1"; code=$?; kill -0 "$1" 2>/dev/null; do :; done
}

# 0 until the process is there: a signal in between is not taken for the first one. It goes to this process group then,
# where nobody minds it.
stop() {
  stopper=0
  "$node" "$lib/main.js" stop "$runner" & stopper=$!
}

on_signal() {
  stopping=yes
  if [ -n "$stopper" ]; then
    # URG harms no node that is not listening yet; it finds the file. One that was killed is replaced.
    : > "$run/hurry"
    kill -URG "$stopper" 2>/dev/null || [ -z "$runner" ] || stop
  elif [ -n "$starter" ]; then
    # Not QUIT, which a shell lets its background processes ignore: it would be lost until node listens.
    kill -TERM "$starter" 2>/dev/null
  elif [ -n "$runner" ]; then
    stop
  fi
}
trap on_signal QUIT
# A terminal's Ctrl-C reaches every process of the container; dumb-init makes the signal of it that counts.
trap '' INT

# What gitlab-runner needs; it is done while main.js starts.
prepare() {
  # Jobs of the shell executor have gitlab-runner's environment, and gitlab-runner its settings in config.toml.
  for name in $(env | sed -n 's/^\(RUNNER_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
  [ -d "$work" ] || mkdir -p "$work"
  # As the official image does: jobs of the shell executor run as this user, where there is one.
  user=''
  [ "$(id -u)" -ne 0 ] || ! id gitlab-runner >/dev/null 2>&1 || user=gitlab-runner
}

[ ! -e "$run" ] || rm -f "$run/ready" "$run/hurry"
"$node" "$lib/main.js" start & starter=$!
[ -z "$stopping" ] || kill -TERM "$starter" 2>/dev/null
prepare
await "$starter"
starter=''
if [ ! -e "$run/ready" ]; then
  # Killed by the signal before it listened (143), it has done nothing yet.
  [ -z "$stopping" ] || [ "$code" -ne 143 ] || code=0
  exit "$code"
fi

if [ -z "$stopping" ]; then
  # In a session of its own it is told by main.js alone, at the right moment.
  setsid gitlab-runner run --config "$config" --working-directory "$work" ${user:+--user "$user"} & runner=$!
  # It only looks, and must not hold up what it looks at.
  nice "$node" "$lib/main.js" online "$runner" &
fi
[ -z "$stopping" ] || [ -n "$stopper" ] || stop

if [ -n "$runner" ]; then
  await "$runner"
  ended=$code runner=''
  if [ -z "$stopper" ]; then
    stopper=0
    [ -z "$stopping" ] || : > "$run/hurry"
    "$node" "$lib/main.js" leave "$ended" & stopper=$!
  fi
fi
await "$stopper"
# Killed, for want of memory or by a hand, it is done once more; gitlab-runner has ended by now.
[ "$code" -ne 137 ] || { stop; await "$stopper"; }
exit "$code"
