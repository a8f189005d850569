# shellcheck shell=sh
# Takes a place: a file in a folder that the pool's replicas on one node share. It stays locked
# until this container ends, however it ends. The system ID is derived from the place, and only one
# running replica holds a place. Two running replicas therefore never share a system ID, even if
# Swarm reuses a slot while its last replica drains. entrypoint.sh sources this file.
#
# main.js writes the system ID into the file, and empties the file once it has deregistered the
# replica. A file that is neither empty nor locked belongs to a killed replica. Such a place is
# taken first, so that the replica comes back under the same ID.

# Locks a file; descriptor 9 keeps the lock. A redirection that fails would end the shell, so a
# subshell tries it first. The umask keeps out jobs of the shell executor, which could lock it too.
lock() {
  (umask 077 && true 9>> "$1") 2> /dev/null && exec 9>> "$1" && flock --nonblock 9 2> /dev/null && place=$1
}

# Sets place to the path of the file, SLOT.NUMBER, or to nothing if there is no writable folder for
# places.
take_place() {
  places=${POOL_PLACES:-/var/lib/gitlab-runner-pool} place='' number=0
  [ -d "$places" ] && [ -w "$places" ] && command -v flock > /dev/null || return 0
  slot=${RUNNER_SLOT:-}
  # In a pool, RUNNER_SETTINGS holds all variables as JSON. dash would need seconds to search 100 KiB.
  # In a value, a quote follows a backslash, so the name with these quotes is not part of one.
  [ -n "$slot" ] || slot=$(printf '%s\n' "${RUNNER_SETTINGS:-}" | sed -n 's/.*"RUNNER_SLOT":"\([^"]*\)".*/\1/p')
  case $slot in '' | *[!0-9A-Za-z_-]*) slot=any ;; esac
  for file in "$places/$slot".*; do
    [ -s "$file" ] || continue
    # A replica that looks whether the place is held locks it for a moment.
    lock "$file" || { sleep 0.02 && lock "$file"; } || continue
    return 0
  done
  while [ "$number" -lt 100 ]; do
    lock "$places/$slot.$number" && return 0
    number=$((number + 1))
  done
  # entrypoint.sh uses it.
  # shellcheck disable=SC2034
  place=''
  exec 9>&-
}
