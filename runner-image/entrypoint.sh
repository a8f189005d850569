#!/bin/sh
# Waits, so that no node process has to while the replica is idle. What needs deciding is decided in main.js:
#   start   settings, registration, config.toml; says by the file "ready" that gitlab-runner may run
#   online  says when gitlab-runner polls, and ends
#   stop    drains gitlab-runner, then takes the replica off GitLab; another TERM hurries it
#   leave   takes the replica off after gitlab-runner ended by itself
# These paths are set by tests alone.
lib=${POOL_LIB:-/usr/local/lib/gitlab-runner-pool} run=${POOL_RUN:-/run/gitlab-runner-pool}
config=${POOL_CONFIG:-/etc/gitlab-runner/config.toml} node=${POOL_NODE:-/usr/local/bin/node}
work=${POOL_WORK:-/home/gitlab-runner}
starter='' runner='' stopper='' stopping='' ended=''

# A wait is cut short by a signal, so it goes on until the process has ended.
await() {
  while wait "$1"; code=$?; kill -0 "$1" 2>/dev/null; do :; done
}

# Ends the replica by main.js, which is told what there is of gitlab-runner.
end() {
  # 0 until the process is there: a signal in between is not taken for the first one. It goes to this process group then,
  # where nobody minds it.
  stopper=0
  kill -0 "$runner" 2>/dev/null || runner=''
  if [ -n "$ended" ]; then
    "$node" "$lib/main.js" leave "$ended" & stopper=$!
  else
    "$node" "$lib/main.js" stop "$runner" & stopper=$!
  fi
}

# It has done so if it ends with a code of its own (contract/exit-codes.ts), which becomes the replica's.
await_end() {
  await "$stopper"
  case $code in 0 | 74 | 75) exit "${ended:-$code}" ;; esac
}

on_signal() {
  stopping=yes
  if [ -n "$stopper" ]; then
    # URG harms no node that is not listening yet; it finds the file. Without one gitlab-runner is told to abort its jobs.
    : > "$run/hurry"
    kill -URG "$stopper" 2>/dev/null || [ -z "$runner" ] || kill -TERM "$runner" 2>/dev/null
  elif [ -n "$starter" ]; then
    # Not QUIT, which a shell lets its background processes ignore: it would be lost until node listens.
    kill -TERM "$starter" 2>/dev/null
  elif [ -n "$runner" ]; then
    end
  fi
}
trap on_signal TERM
# Swarm stops a replica that drains once more when it forgets its task, such as at the next scaling: that must not hurry it.
trap '[ -n "$stopping" ] || on_signal' QUIT
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

run_runner() {
  # In a session of its own it is told by main.js alone, at the right moment.
  setsid gitlab-runner run --config "$config" --working-directory "$work" ${user:+--user "$user"} & runner=$!
}

[ ! -e "$run" ] || rm -f "$run/ready" "$run/hurry"
# gitlab-runner takes as long to start as node does. Where there is no configuration yet, it starts beside node and waits at a
# pipe for the one that main.js writes.
early=''
[ -d "${config%/*}" ] || (umask 077 && mkdir -p "${config%/*}") 2>/dev/null
[ -e "$config" ] || [ -e "$config.before-stop" ] || ! mkfifo -m 600 "$config" 2>/dev/null || early=yes
"$node" "$lib/main.js" start & starter=$!
[ -z "$stopping" ] || kill -TERM "$starter" 2>/dev/null
prepare
[ -z "$early" ] || run_runner
await "$starter"
starter=''
if [ ! -e "$run/ready" ]; then
  [ -z "$runner" ] || kill -KILL "$runner" 2>/dev/null
  [ ! -p "$config" ] || rm -f "$config"
  # Killed by the signal before it listened (143), it has done nothing yet.
  [ -z "$stopping" ] || [ "$code" -ne 143 ] || code=0
  exit "$code"
fi

if [ -z "$stopping" ]; then
  [ -n "$runner" ] || run_runner
  # It only looks, and must not hold up what it looks at.
  nice "$node" "$lib/main.js" online "$runner" &
fi
[ -z "$stopping" ] || [ -n "$stopper" ] || end

# Until gitlab-runner ends by itself, or a signal has begun the end.
while [ -z "$stopper" ] && { wait "$runner"; code=$?; kill -0 "$runner" 2>/dev/null; }; do :; done
if [ -z "$stopper" ]; then
  ended=$code stopper=0
  [ -z "$stopping" ] || : > "$run/hurry"
  end
fi

# Killed, for want of memory or by a hand, or crashed, main.js is started again: gitlab-runner may live, and GitLab know it.
for pause in 1 2 4; do
  await_end
  sleep "$pause"
  end
done
await_end
# It cannot run. gitlab-runner finishes its jobs at least, and then there may be room for the rest.
if [ -n "$runner" ]; then
  kill -QUIT "$runner" 2>/dev/null
  await "$runner"
  end
  await_end
fi
exit "${ended:-$code}"
