#!/bin/bash
# The first version of this project. The benchmark compares with it. One line is fixed: the original
# registered only if config.toml already existed. Everything else is unchanged, including `set -x`
# and the token on the command line.
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
