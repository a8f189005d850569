import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PoolArgs } from "../settings/pool-args";
import { replicasOnline } from "../wait/replicas-online";
import { checkedSettings } from "./checked-settings";
import { checkedReplicas } from "./drain-change";
import { poolNetwork } from "./pool-network";
import { serviceArgs } from "./service-spec";
import { createTokenSecret } from "./token-secret";
import { createUserRunner } from "./user-runner";

/** The settings of a pool, and what it runs. */
export interface RunnerPoolArgs extends PoolArgs {
  /** Image of the replicas, with a digest: RunnerImage.reference. */
  readonly image: pulumi.Input<string>;
  /** Name of the swarm service, unique in the swarm. @default the component's name */
  readonly serviceName?: string;
  /** Description of a runner that the pool creates in GitLab. @default `runnerName` and the component's name */
  readonly description?: string;
}

/** A pool of identical GitLab runners, run as one swarm service; each replica registers itself and takes itself off. */
export class RunnerPool extends pulumi.ComponentResource {
  /** Name of the pool. */
  readonly name: string;
  /** Name of the swarm service. */
  readonly service: pulumi.Output<string>;
  readonly image: pulumi.Output<string>;
  /** Number of replicas, once all of them are online. */
  readonly replicas: pulumi.Output<number>;
  /** Name of the network that the replicas are attached to. */
  readonly network: pulumi.Output<string>;
  readonly gitlabUrl: pulumi.Output<string>;
  /** Number of the runner that the pool created in GitLab. */
  readonly runnerId: pulumi.Output<string> | undefined;

  constructor(name: string, args: RunnerPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gitlab-runner-pool:index:RunnerPool", name, {}, opts);
    const serviceName = args.serviceName ?? name;
    const settings = checkedSettings(name, serviceName, args, this);

    const description = args.description ?? `${settings.runnerName}${name}`;
    const runner = createUserRunner(this, name, settings, description);
    const secret = createTokenSecret(this, name, serviceName, runner?.token ?? args.token ?? "");
    const network = poolNetwork(this, name, serviceName, settings.network);
    const spec = serviceArgs(settings, {
      serviceName,
      image: args.image,
      networkId: network.id,
      secretId: secret.id,
      secretName: secret.name,
      replicas: checkedReplicas(this, serviceName, settings),
    });
    const service = new docker.Service(`${name}-service`, spec.args, { parent: this });

    this.name = name;
    this.service = service.name;
    this.image = pulumi.output(args.image);
    this.network = network.name;
    this.gitlabUrl = pulumi.output(settings.gitlabUrl);
    this.runnerId = runner?.id;
    this.replicas = replicasOnline(service, spec.generation, settings);
    this.registerOutputs({
      service: this.service,
      image: this.image,
      replicas: settings.replicas,
      network: this.network,
      gitlabUrl: this.gitlabUrl,
      runnerId: this.runnerId,
    });
  }
}
