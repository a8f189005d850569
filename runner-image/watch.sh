# Watches whether GitLab accepts the replica. entrypoint.sh sources this file and runs it in the
# background.
# shellcheck shell=sh disable=SC2154
# It runs as long as gitlab-runner, so that Node.js need not. About once a minute it reads
# gitlab-runner's metrics. It calls main.js only if no job request succeeded since the last reading:
#   online   reports when gitlab-runner polls, then exits; restarted if it was killed
#   watch    asks GitLab for the reason, reports it if it is new, and returns what it found as its
#            exit code (runner-image/src/online/watch.ts)

# Seconds between two readings; tests set it.
interval=${POOL_WATCH:-60}
# GitLab is asked after so many readings in a row with only failed requests, or with no response.
bad_looks=2 quiet_looks=3

# Runs a program to its end; TERM ends both.
run() {
  "$@" & child=$!
  wait_for "$child"
  child=''
}

# Prints how often job requests returned each status so far, such as "204 12", and "busy" while a
# job runs. Counts are compared as strings: large ones look like 1.2e+06. Without bash, the shell
# cannot open a connection.
read_answers() {
  if [ -z "$has_bash" ]; then
    "$node" "$lib/main.js" answers
    return
  fi
  # shellcheck disable=SC2016
  timeout 10 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && exec sed -n "$2" <&3' \
    bash "$port" '
      s/^gitlab_runner_api_request_statuses_total{.*endpoint="request_job".*status="\(-\{0,1\}[0-9]*\)".*} /\1 /p
      s/^gitlab_runner_jobs{.*} [1-9].*/busy/p' 2>/dev/null
}

# Sorts these counts into `good` (201: a job; 204: no job; 409: no job because of a race) and `bad`.
# `news` gets the statuses in `bad` whose count is not in $2.
sort_answers() {
  good='' bad='' news='' busy=''
  while read -r status number; do
    case $status in
      busy) busy=yes ;;
      201 | 204 | 409) good="$good $status=$number" ;;
      ?*)
        bad="$bad $status=$number "
        case $2 in *" $status=$number "*) ;; *) news="$news $status" ;; esac
        ;;
    esac
  done <<END
$1
END
}

# Lets main.js ask GitLab, and records what the replica has reported. The arguments are what the
# metrics show: served, quiet, or bad and the statuses.
ask() {
  run nice setsid "$node" "$lib/main.js" watch "$runner_pid" "$reported" "$@"
  case $code in
    0) reported=online ;;
    10) reported=refused ;;
    11) reported=waiting ;;
    12) exit 0 ;;
  esac
}

# Reads gitlab-runner's metrics once.
look() {
  answers=$(read_answers)
  # gitlab-runner serves no metrics at the moment.
  [ -n "$answers" ] || return 0
  good_before=$good
  sort_answers "$answers" "$bad"
  if [ "$good" != "$good_before" ]; then
    bad_seen=0 quiet_seen=0
    [ "$reported" = online ] || ask served
  elif [ -n "$news" ]; then
    bad_seen=$((bad_seen + 1)) quiet_seen=0
    # shellcheck disable=SC2086
    [ "$bad_seen" -lt "$bad_looks" ] || ask bad $news
  elif [ -z "$busy" ] && [ "$bad_seen" -eq 0 ]; then
    quiet_seen=$((quiet_seen + 1))
    if [ "$quiet_seen" -ge "$quiet_looks" ]; then
      # If GitLab holds requests open for that long, silence is normal, so GitLab is asked less and
      # less often.
      quiet_seen=0 quiet_looks=$((quiet_looks * 2))
      ask quiet
    fi
  fi
}

# Watches until gitlab-runner has ended.
watch() {
  child=''
  trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 0' TERM
  # A terminal sends these to its whole process group, for example when it is closed.
  trap '' HUP INT QUIT
  pause=1
  while :; do
    # Low priority: this only observes gitlab-runner and must not slow its start.
    run nice setsid "$node" "$lib/main.js" online "$runner_pid"
    [ "$code" -ne 0 ] || break
    run sleep "$pause"
    [ "$pause" -ge 60 ] || pause=$((pause * 2))
  done
  port=$(cat "$run/ready") reported=online good='' bad='' bad_seen=0 quiet_seen=0 has_bash=''
  ! command -v bash >/dev/null || ! command -v timeout >/dev/null || has_bash=yes
  sort_answers "$(read_answers)" ''
  while kill -0 "$runner_pid" 2>/dev/null; do
    run sleep "$interval"
    look
  done
}
