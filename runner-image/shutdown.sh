# shellcheck shell=sh disable=SC2154
# Ends the replica with `main.js stop`, or with `main.js after-crash` if gitlab-runner exited by
# itself. entrypoint.sh sources this file and documents the variables.

# Begins to end the replica, unless that has begun already.
shut_down() {
  : "${stop_pid:=0}"
  [ "$stop_pid" -ne 0 ] || start_stop
}

# Starts main.js with gitlab-runner's process ID or exit code, and whether the stop is forced.
start_stop() {
  # Until the process exists, a signal is only recorded.
  stop_pid=0
  [ -z "$watch_pid" ] || stop_watch
  kill -0 "$runner_pid" 2>/dev/null || runner_pid=''
  if [ -n "$runner_exit" ]; then
    run_node after-crash "$runner_exit" "$stop_forced" & stop_pid=$!
  else
    run_node stop "$runner_pid" "$stop_forced" & stop_pid=$!
  fi
  [ -z "$stop_forced" ] || force_stop
}

# Ends the watch. A process that was just forked loses a signal until it has set its own trap, so
# the signal is repeated until the process has ended, for up to 2 s.
stop_watch() {
  (for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill "$watch_pid" 2>/dev/null || exit
    sleep 0.1
  done) &
}

# Tells main.js to force the stop. If main.js does not run, gitlab-runner aborts its jobs.
force_stop() {
  stop_forced=yes
  [ "$stop_pid" -ne 0 ] || return 0
  if kill -URG "$stop_pid" 2>/dev/null; then
    # SIGURG is ignored by default, so it is safe to send before Node.js listens. It is sent for
    # some seconds, until Node.js does.
    (for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      sleep 0.25
      kill -URG "$stop_pid" 2>/dev/null || exit
    done) &
  elif [ -n "$runner_pid" ]; then
    kill -TERM "$runner_pid" 2>/dev/null
  fi
}

# Waits until main.js has ended, and exits with the code that it wrote. If it wrote none, it
# crashed or was killed.
await_stop() {
  wait_for "$stop_pid"
  written=$code
  if [ -n "$exit_pipe" ]; then
    # If there is no code, read gets this empty line instead of blocking.
    echo >&7
    read -r written <&7
  fi
  [ -z "$written" ] || exit "$written"
}

# Waits until the replica has ended, and exits.
await_shutdown() {
  await_stop
  # main.js crashed or was killed, for example by the OOM killer. It is restarted, because
  # gitlab-runner may still run and GitLab may still have the manager.
  for pause in 1 2 4; do
    sleep "$pause"
    start_stop
    await_stop
  done
  # main.js cannot run. At least gitlab-runner finishes its jobs; after that there may be enough
  # memory for main.js.
  if [ -n "$runner_pid" ]; then
    kill -QUIT "$runner_pid" 2>/dev/null
    wait_for "$runner_pid"
    start_stop
    await_stop
  fi
  exit "${runner_exit:-$code}"
}
