# Stand-in for node: this machine's own program.
FROM scratch
COPY node /usr/local/bin/node
