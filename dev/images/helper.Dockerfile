# Replaces the gitlab-runner-helper image. The runner starts gitlab-runner-build as the shell of its
# internal steps.
FROM scratch
ADD rootfs.tar.gz /
COPY gitlab-runner-helper gitlab-runner-build /usr/bin/
ENTRYPOINT ["/usr/bin/dumb-init"]
