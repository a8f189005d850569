import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { RunnerImage, RunnerPool } from "gitlab-runner-pool";

const config = new pulumi.Config();
const prefix = `${pulumi.getProject()}-${pulumi.getStack()}`;

const network = new docker.Network("runners", {
  name: `${prefix}-runners`,
  driver: "overlay",
  attachable: true,
});

const image = new RunnerImage("runner-image", {
  registry: {
    address: config.require("registry"),
    username: config.require("registry-user"),
    password: config.requireSecret("registry-password"),
  },
  baseImage: config.get("baseImage"),
  nodeImage: config.get("nodeImage"),
});

const createPool = (name: string, concurrent: number): RunnerPool =>
  new RunnerPool(
    name,
    {
      gitlabUrl: config.require("gitlabUrl"),
      token: config.requireSecret(`${name}-token`),
      tokenKind: "authentication",
      replicas: config.getNumber(`${name}-replicas`),
      concurrent,
      image: image.reference,
      network: network.name,
      serviceName: `${prefix}-${name}`,
    },
    // These providers carry the registry login that the nodes need.
    { providers: image.providers },
  );

export const small = createPool("small", 1).replicas;
export const large = createPool("large", 4).replicas;
