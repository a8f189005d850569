import { engineHost } from "../types/engine-host";
import { pem } from "../types/pem";
import type { Setting } from "../setting";

const MAX_CA_BYTES = 32 * 1024;
const MAX_PEM_BYTES = 16 * 1024;

/** The Docker engine that runs the jobs. */
export const ENGINE_ROWS = {
  "docker.host": {
    topic: "Docker executor: engine",
    type: engineHost,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.host",
    description:
      "Engine that runs the jobs: `unix:///PATH`, a socket on the node, or `tcp://HOST:PORT`, an engine with TLS. Default: the socket of the node's Docker engine.",
  },
  "docker.hostCa": {
    topic: "Docker executor: engine",
    type: pem("certificates", MAX_CA_BYTES, "docker.hostKey"),
    scope: "replica",
    executor: "docker",
    input: true,
    description: "CA that issued the certificate of the engine at `docker.host`, in PEM.",
  },
  "docker.hostCert": {
    topic: "Docker executor: engine",
    type: pem("certificates", MAX_PEM_BYTES, "docker.hostKey"),
    scope: "replica",
    executor: "docker",
    input: true,
    description: "Certificate with which the engine at `docker.host` accepts the replicas, in PEM.",
  },
  "docker.hostKey": {
    topic: "Docker executor: engine",
    type: pem("private key", MAX_PEM_BYTES, "docker.hostCert"),
    scope: "replica",
    secret: true,
    executor: "docker",
    input: true,
    description: "Private key of `docker.hostCert`, in PEM.",
  },
} as const satisfies Record<string, Setting>;
