# shellcheck shell=sh disable=SC2034,SC2154
# Starts gitlab-runner beside Node.js, because both take about as long to start. What gitlab-runner
# needs is therefore prepared here, before the first line of main.js runs
# (docs/decisions/010-early-start.md). entrypoint.sh sources this file.

# Whether gitlab-runner needs variables of a proxy. It reads them only when it starts, so it starts
# late, when main.js has checked the settings. A pool's service has all variables in RUNNER_SETTINGS.
# main.js also adds an engine on TCP to the container's own NO_PROXY.
needs_proxy() {
  case ${RUNNER_SETTINGS:-} in *'"RUNNER_PROXY_HTTP'*) return 0 ;; esac
  [ -n "${RUNNER_PROXY_HTTP:-}${RUNNER_PROXY_HTTP_FILE:-}${RUNNER_PROXY_HTTPS:-}${RUNNER_PROXY_HTTPS_FILE:-}" ] ||
    [ -n "${HTTP_PROXY:-}${http_proxy:-}${HTTPS_PROXY:-}${https_proxy:-}" ]
}

# Exports the variables that main.js has written, one NAME=VALUE per line, to gitlab-runner and to
# every further main.js.
export_proxy() {
  [ -r "$run/proxy" ] || return 0
  while IFS= read -r variable; do
    export "${variable?}"
  done < "$run/proxy"
}

# Whether jobs run in this container, as with the shell executor. A value of RUNNER_SETTINGS has
# backslashes before its quotes, so the patterns match only the setting.
runs_jobs() {
  case ${RUNNER_EXECUTOR:-} in *shell*) return 0 ;; esac
  case ${RUNNER_SETTINGS:-} in
    *'"RUNNER_EXECUTOR":"shell"'* | *'"RUNNER_EXECUTOR": "shell"'*) return 0 ;;
  esac
  return 1
}

# Prepares what gitlab-runner needs, while main.js starts.
prepare_runner() {
  # gitlab-runner and the programs that it starts, such as credential helpers, cannot gain rights.
  # Jobs in this container may use sudo.
  limit=''
  runs_jobs || ! command -v setpriv >/dev/null || limit='setpriv --no-new-privs'
  # gitlab-runner reads its settings from config.toml. Jobs of the shell executor inherit its
  # environment, and must not see the replica's variables.
  for name in $(env | sed -n 's/^\(RUNNER_[A-Z0-9_]*\)=.*/\1/p'); do unset "$name"; done
  work=${POOL_WORK:-/home/gitlab-runner}
  [ -d "$work" ] || mkdir -p "$work" 2>/dev/null || work=/
  # As in the official image, jobs of the shell executor run as this user if it exists.
  user=''
  [ "$(id -u)" -ne 0 ] || ! id gitlab-runner >/dev/null 2>&1 || user=gitlab-runner
}

run_runner() {
  # In its own session, gitlab-runner gets signals only from main.js, at the right moment. It does
  # not inherit this shell's pipe and locks, which must end with the shell.
  # shellcheck disable=SC2086
  setsid $limit gitlab-runner run --config "$config" --working-directory "$work" \
    ${user:+--user "$user"} 7<&- 8<&- 9>&- & runner_pid=$!
}
