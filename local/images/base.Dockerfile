# Stand-in for gitlab/gitlab-runner, for machines that reach no registry: volumes, entry point and stop signal of the official image.
# rootfs.tar.gz is a small system of this machine's distribution with git, ca-certificates and dumb-init.
FROM scratch
ADD rootfs.tar.gz /
# Without the official image's user: jobs of the shell executor run as root here.
RUN mkdir -p /home/gitlab-runner /etc/gitlab-runner
COPY gitlab-runner /usr/bin/
COPY entrypoint /
STOPSIGNAL SIGQUIT
VOLUME ["/etc/gitlab-runner", "/home/gitlab-runner"]
ENTRYPOINT ["/usr/bin/dumb-init", "/entrypoint"]
CMD ["run", "--working-directory=/home/gitlab-runner"]
