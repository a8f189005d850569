#!/bin/bash
# The first version of this idea, kept as what the benchmark compares with. One line is mended: it registered only
# when config.toml already existed. All else is as it was, `set -x` and the token on the command line included.
set -x

function unregister {
  gitlab-runner unregister --all-runners
}
trap unregister EXIT TERM

if [ ! -f /etc/gitlab-runner/config.toml ]; then
  gitlab-runner register --non-interactive \
    --url "$RUNNER_CI_URL" \
    --registration-token "$RUNNER_CI_TOKEN" \
    --name "$RUNNER_NAME$HOSTNAME" \
    --executor docker \
    --docker-image "$RUNNER_IMAGE" \
    --tag-list "$RUNNER_TAGS"
fi

gitlab-runner run
