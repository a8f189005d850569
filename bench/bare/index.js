// Declares the same resources as this project's program, without components, settings or checks.
const { Buffer } = require("node:buffer");
const docker = require("@pulumi/docker");
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");

const config = new pulumi.Config();
const registry = config.require("registry");
const service = config.require("service");

const provider = new docker.Provider("docker", {
  registryAuth: [{ address: `http://${registry}`, authDisabled: true }],
});

const image = new docker.RemoteImage(
  "image",
  {
    name: `${registry}/${service}:1`,
    keepLocally: true,
    build: {
      context: config.require("context"),
      buildArgs: { BASE_IMAGE: config.require("baseImage") },
      platform: "",
    },
  },
  { provider },
);

const push = new docker.RegistryImage(
  "push",
  { name: image.name, keepRemotely: true, insecureSkipVerify: true },
  { provider },
);

const network = new docker.Network(
  "network",
  { name: service, driver: "overlay", attachable: true },
  { provider },
);

const name = new random.RandomId("token-name", { byteLength: 4 });

const secret = new docker.Secret(
  "token",
  {
    name: pulumi.interpolate`${service}-${name.hex}`,
    data: config.requireSecret("token").apply((token) => Buffer.from(token).toString("base64")),
  },
  { provider },
);

new docker.Service(
  "service",
  {
    name: service,
    mode: { replicated: { replicas: config.requireNumber("replicas") } },
    endpointSpec: { mode: "dnsrr" },
    taskSpec: {
      containerSpec: {
        image: pulumi.interpolate`${image.name}@${push.sha256Digest}`,
        env: { RUNNER_CI_URL: config.require("gitlabUrl"), RUNNER_NAME: "bare-" },
        sysctl: {},
        stopGracePeriod: "10s",
        commands: ["dumb-init", "sleep", "infinity"],
        secrets: [{ secretId: secret.id, secretName: secret.name, fileName: "/run/secrets/token" }],
      },
      networksAdvanceds: [{ id: network.id }],
      restartPolicy: { condition: "any", delay: "5s", window: "0s", maxAttempts: 0 },
    },
  },
  { provider },
);
