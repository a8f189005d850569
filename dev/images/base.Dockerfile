# Replaces gitlab/gitlab-runner on machines that cannot reach a registry. It has the volumes, entry
# point and stop signal of the official image. rootfs.tar.gz is a small system of this machine's
# distribution with git, ca-certificates and dumb-init.
FROM scratch
ADD rootfs.tar.gz /
# Without a skeleton, as the official package makes its user: .bash_logout would fail the jobs of
# the shell executor.
RUN mkdir -p /etc/gitlab-runner && useradd --create-home --skel /dev/null --shell /bin/bash gitlab-runner
COPY gitlab-runner /usr/bin/
COPY entrypoint /
STOPSIGNAL SIGQUIT
VOLUME ["/etc/gitlab-runner", "/home/gitlab-runner"]
ENTRYPOINT ["/usr/bin/dumb-init", "/entrypoint"]
CMD ["run", "--user=gitlab-runner", "--working-directory=/home/gitlab-runner"]
