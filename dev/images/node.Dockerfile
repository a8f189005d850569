# Replaces the node image with this machine's Node.js binary.
FROM scratch
COPY node /usr/local/bin/node
