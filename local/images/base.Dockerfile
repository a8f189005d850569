# Stand-in for gitlab/gitlab-runner, for machines that reach no registry: user, volumes, entry point and stop signal of the official image.
# rootfs.tar.gz is a small system of this machine's distribution with git, ca-certificates and dumb-init.
FROM scratch
ADD rootfs.tar.gz /
# Without the skeleton of a home, as in the official package: its .bash_logout fails where there is no console, and so do jobs.
RUN useradd --create-home --skel /dev/null --shell /bin/bash gitlab-runner && mkdir /etc/gitlab-runner
COPY gitlab-runner /usr/bin/
COPY entrypoint /
STOPSIGNAL SIGQUIT
VOLUME ["/etc/gitlab-runner", "/home/gitlab-runner"]
ENTRYPOINT ["/usr/bin/dumb-init", "/entrypoint"]
CMD ["run", "--user=gitlab-runner", "--working-directory=/home/gitlab-runner"]
