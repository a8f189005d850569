# Watches whether GitLab accepts the replica and its Docker engine runs its jobs. entrypoint.sh
# sources this file and runs it in the background.
# shellcheck shell=sh disable=SC2154
# It runs as long as gitlab-runner, so that Node.js need not. It regularly reads gitlab-runner's
# metrics. It calls main.js only if something failed since the last reading:
#   online   reports when gitlab-runner polls, then exits; restarted if it was killed
#   watch    if no job request succeeded: asks GitLab for the reason, reports it if it is new, and
#            returns what it found as its exit code (runner-image/src/online/watch.ts)
#   engine   if a job failed because of the runner: asks the engine, and if that is away, stops
#            polling until it answers (runner-image/src/online/watch-engine.ts)
#   images   removes unused images if the engine's disk is too full, with `docker.imageDiskLimit`

# It also calls `main.js tidy` about a minute after `online`, and then hourly, to remove what earlier
# replicas left on the engine (runner-image/src/tidy/tidy.ts).

# Seconds between two readings; tests set it. Every second reading is also about job requests.
interval=${POOL_WATCH:-30}
# GitLab is asked after so many of these in a row with only failed requests, or with no response.
bad_looks=2 quiet_looks=3

# Runs a program to its end; TERM ends both.
run() {
  "$@" & child=$!
  wait_for "$child"
  child=''
}

# Prints how often job requests returned each status so far, such as "204 12", "busy" while a job
# runs, and "failed 1" if a job failed because of the runner. Counts are compared as strings: large
# ones look like 1.2e+06. Without bash, the shell cannot open a connection.
read_answers() {
  if [ -z "$has_bash" ]; then
    "$node" "$lib/main.js" answers
    return
  fi
  # shellcheck disable=SC2016
  timeout 10 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && exec sed -n "$2" <&3' \
    bash "$port" '
      s/^gitlab_runner_api_request_statuses_total{.*endpoint="request_job".*status="\(-\{0,1\}[0-9]*\)".*} /\1 /p
      s/^gitlab_runner_jobs{.*} [1-9].*/busy/p
      s/^gitlab_runner_failed_jobs_total{.*failure_reason="runner_system_failure".*} /failed /p' 2>/dev/null
}

# Sorts these counts into `good` (201: a job; 204: no job; 409: no job because of a race) and `bad`.
# `news` gets the statuses in `bad` whose count is not in $2.
sort_answers() {
  good='' bad='' news='' busy=''
  while read -r status number; do
    case $status in
      busy) busy=yes ;;
      failed) ;;
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

# Sets failed to the counts of jobs that failed because of the runner.
count_failures() {
  failed=''
  while read -r word number; do
    [ "$word" != failed ] || failed="$failed $number"
  done <<END
$1
END
}

# Lets main.js find out more, and records what the replica has reported. The arguments are `engine`,
# or `watch` and what the metrics show: served, quiet, or bad and the statuses.
ask() {
  command=$1
  shift
  run nice setsid "$node" "$lib/main.js" "$command" "$runner_pid" "$reported" "$@"
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
  if [ -z "$is_second" ]; then
    is_second=yes
  else
    is_second=''
    look_at_requests
  fi
  look_at_jobs
}

# Checks whether job requests succeed.
look_at_requests() {
  good_before=$good
  sort_answers "$answers" "$bad"
  if [ "$good" != "$good_before" ]; then
    bad_seen=0 quiet_seen=0
    [ "$reported" = online ] || ask watch served
  elif [ -n "$news" ]; then
    bad_seen=$((bad_seen + 1)) quiet_seen=0
    # shellcheck disable=SC2086
    [ "$bad_seen" -lt "$bad_looks" ] || ask watch bad $news
  elif [ -z "$busy" ] && [ "$bad_seen" -eq 0 ]; then
    quiet_seen=$((quiet_seen + 1))
    if [ "$quiet_seen" -ge "$quiet_looks" ]; then
      # If GitLab holds requests open for that long, silence is normal, so GitLab is asked less and
      # less often.
      quiet_seen=0 quiet_looks=$((quiet_looks * 2))
      ask watch quiet
    fi
  fi
}

# Checks whether jobs fail because of the runner. If main.js is killed while it waits for the
# engine, the next reading calls it again.
look_at_jobs() {
  failed_before=$failed
  count_failures "$answers"
  [ "$failed" != "$failed_before" ] || return 0
  ask engine
  case $code in
    0 | 10 | 11) ;;
    *) reported=waiting failed=killed ;;
  esac
  # Only requests that GitLab answers from here on show that the replica is online again.
  answers=$(read_answers)
  [ -z "$answers" ] || sort_answers "$answers" "$bad"
}

# Sets killed to the places that killed replicas have left: they are not empty, and nobody holds them.
find_killed() {
  killed=''
  for file in "${places:-/nowhere}"/*.*; do
    [ -s "$file" ] && [ "$file" != "$place" ] || continue
    (exec 9<"$file" && flock --nonblock 9) 2>/dev/null && killed="$killed $file"
  done
}

# Lets main.js tidy up in the background, if the time has come: with the second reading, after a
# minute, and then with every 120th, but also when a replica on this node was killed. If Swarm starts
# its successor on another node, nobody else ends its jobs.
tidy_up() {
  # Its process ID may soon be that of another process.
  [ -z "$tidy_pid" ] || kill -0 "$tidy_pid" 2>/dev/null || tidy_pid=''
  readings=$((readings - 1))
  [ -z "$tidy_pid" ] && [ -e "$run/tidy" ] && [ $((readings % 2)) -eq 0 ] || return 0
  killed_before=$killed
  find_killed
  [ "$readings" -le 0 ] || { [ -n "$killed" ] && [ "$killed" != "$killed_before" ]; } || return 0
  readings=120
  nice -n 19 setsid "$node" "$lib/main.js" tidy & tidy_pid=$!
}

# Lets main.js remove unused images in the background if the engine's disk is fuller than the limit,
# at most every ten readings. Lets it look at the images once an hour in any case: the engine does
# not know since when it has an image.
limit_images() {
  [ -n "$image_limit" ] || return 0
  image_looks=$((image_looks + 1))
  [ "$image_looks" -ge 10 ] || return 0
  if [ "$image_looks" -lt 120 ]; then
    used=$(df -P "${POOL_DISK:-/}" 2>/dev/null | sed -n '2s/.* \([0-9][0-9]*\)% .*/\1/p')
    [ "${used:-0}" -gt "$image_limit" ] || return 0
  fi
  [ -z "$images_pid" ] || ! kill -0 "$images_pid" 2>/dev/null || return 0
  image_looks=0
  nice setsid "$node" "$lib/main.js" images & images_pid=$!
}

# Watches until gitlab-runner has ended.
watch() {
  child='' tidy_pid='' images_pid='' killed='' readings=2
  trap 'for pid in $child $tidy_pid $images_pid; do kill "$pid" 2>/dev/null; done; exit 0' TERM
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
  port=$(cat "$run/ready") reported=online good='' bad='' bad_seen=0 quiet_seen=0 has_bash='' failed='' is_second=''
  ! command -v bash >/dev/null || ! command -v timeout >/dev/null || has_bash=yes
  sort_answers "$(read_answers)" ''
  image_limit=$(cat "$run/image-limit" 2>/dev/null) image_looks=120
  limit_images
  while kill -0 "$runner_pid" 2>/dev/null; do
    run sleep "$interval"
    look
    tidy_up
    limit_images
  done
  [ -z "$images_pid" ] || kill "$images_pid" 2>/dev/null
}
