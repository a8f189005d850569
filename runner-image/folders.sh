# shellcheck shell=sh disable=SC2034,SC2154
# The replica's run folder and the configuration folder. entrypoint.sh sources this file.

# A core dump would hold the token. Jobs may raise this soft limit again.
# shellcheck disable=SC3045
ulimit -S -c 0 2>/dev/null

# Removes files that hold the token or would mislead the next start in this container. A killed
# replica may have left some.
forget_files() {
  [ -e "$run" ] || return 0
  for name in ready online tidy exit-code stopped-at image-limit images.json state.json config.toml full-config.toml .runner_system_id proxy \
    docker-auth.json docker/ca.pem docker/cert.pem docker/key.pem; do
    set -- "$@" "$run/$name" "$run/$name.new"
  done
  rm -f "$@" 2>/dev/null
}

# Creates two pipes, and sets their variables to nothing if it cannot:
#   config_pipe   gitlab-runner waits here for its configuration. That holds the token, so it is in
#                 the run folder; the user's config.toml, in $etc, is only read. With a proxy there
#                 is no such pipe (needs_proxy).
#   exit_pipe     main.js writes the replica's exit code here. This shell keeps it open as 7. Unlike
#                 a file, an open pipe can be written when the folder is full or read-only.
make_pipes() {
  config=$run/config.toml config_pipe='' exit_pipe=''
  [ -d "$run" ] || (umask 077 && mkdir -p "$run") 2>/dev/null
  early=$config
  ! needs_proxy || early=''
  mkfifo -m 600 "$run/exit-code" ${early:+"$early"} 2>/dev/null || return 0
  config_pipe=$early exit_pipe=$run/exit-code
  exec 7<>"$exit_pipe"
}

# Keeps the configuration folder open for the life of the replica: main.js locks it through this
# descriptor if only one replica may use it. Sets config_folder to the descriptor, or to nothing if
# there is no such folder or it cannot be opened.
hold_config_folder() {
  config_folder=''
  if [ -d "$etc" ] && (exec 8<"$etc") 2>/dev/null; then
    exec 8<"$etc"
    config_folder=8
  fi
}
