# Stand-in for gitlab-runner-helper: the runner starts gitlab-runner-build as the shell of its own steps.
FROM scratch
ADD rootfs.tar.gz /
COPY gitlab-runner-helper gitlab-runner-build /usr/bin/
ENTRYPOINT ["/usr/bin/dumb-init"]
