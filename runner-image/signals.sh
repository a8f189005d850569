# shellcheck shell=sh
# What signals do to entrypoint.sh, which sources this file.

# Only the signals below have an effect; HUP, for example, has none. The numbers in the list cannot
# be caught, have no effect anyway, or are handled below. Jobs would inherit "ignored", but not a
# handler that does nothing.
signal=1
while [ "$signal" -le 64 ]; do
  case $signal in 2 | 3 | 9 | 15 | 17 | 18 | 19 | 23 | 28 | 32 | 33) ;; *) trap : "$signal" ;; esac
  signal=$((signal + 1))
done

on_stop() {
  stop_requested=yes
  if [ -n "$stop_pid" ]; then
    force_stop
  elif [ -n "$start_pid" ]; then
    # TERM, not QUIT: a shell's background processes ignore QUIT, so it would be lost until Node.js
    # listens.
    kill -TERM "$start_pid" 2>/dev/null
  elif [ -n "$runner_pid" ]; then
    shut_down
  fi
}
trap on_stop TERM
# Swarm sends QUIT again to a draining replica when it forgets the task, for example at the next
# scaling. That must not force the stop.
trap '[ -n "$stop_requested" ] || on_stop' QUIT
# A terminal's Ctrl-C reaches every process of the container. Only the TERM that dumb-init sends
# instead counts.
trap '' INT
