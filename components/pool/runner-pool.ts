import * as pulumi from "@pulumi/pulumi";
import type { PoolArgs } from "../settings/pool-args";
import { getEngine } from "../engine";
import { waitForReplicas } from "../wait/wait-for-replicas";
import { readArguments } from "../settings/read-arguments";
import { authenticate } from "./authenticate";
import { createCertificates } from "./certificates";
import { guardMode } from "./drain-change";
import { failIfNetworkDiffers } from "./network-differences";
import { claimName } from "./owner";
import { PlacementCheck } from "./placement-check";
import { readPriorState } from "./prior-state";
import { ensureNetwork, findNetworks, listNetworkIds } from "./pool-network";
import { createService } from "./pool-service";
import { countReplicas } from "./count-replicas";
import { failIfRunnerDeleted } from "./deleted-runner";
import { buildServiceArgs } from "./spec/service-spec";
import { createSecrets } from "./secrets";

/** The arguments of a `RunnerPool`: its image, its names, and the settings of a pool. */
export interface RunnerPoolArgs extends PoolArgs {
  /**
   * Image of the replicas, as `REPOSITORY:TAG@sha256:DIGEST`. `RunnerImage.reference` has this
   * form. The digest ensures that all nodes run the same image.
   * @example runnerImage.reference
   */
  readonly image: pulumi.Input<string>;
  /**
   * Name of the swarm service and of the network that the pool creates. It must be unique in the
   * swarm, with at most 63 letters, digits, `-` and `_`.
   * @default the component's name
   * @example "ci-runners"
   */
  readonly serviceName?: string;
  /**
   * Description in GitLab of the runner that the pool creates. Used only with `runnerScope`.
   * @default `runnerName` followed by the component's name
   * @example "runners of the build team"
   */
  readonly description?: string;
}

/**
 * A pool of identical GitLab runners, run as one swarm service. Each replica registers with GitLab
 * when it starts and deregisters when it stops. An update finishes when all replicas are online.
 * @example
 * const image = new RunnerImage("image", { registry: "registry.example.com/ci" });
 * new RunnerPool("ci", {
 *   gitlabUrl: "https://gitlab.example.com",
 *   token: config.requireSecret("token"),
 *   tokenKind: "authentication",
 *   image: image.reference,
 *   replicas: 3,
 * }, { providers: image.providers });
 */
export class RunnerPool extends pulumi.ComponentResource {
  /** Name of the component. */
  readonly name: string;
  /** Name of the swarm service. */
  readonly service: pulumi.Output<string>;
  /** Image of the replicas, as given in `image`. */
  readonly image: pulumi.Output<string>;
  /**
   * Number of replicas; with `mode: "global"`, the number of nodes that have one. During an update
   * it resolves once all of them are online.
   */
  readonly replicas: pulumi.Output<number>;
  /** Name of the network that the replicas are attached to. */
  readonly network: pulumi.Output<string>;
  /** URL of GitLab, without a trailing slash. */
  readonly gitlabUrl: pulumi.Output<string>;
  /** ID of the runner that the pool created in GitLab. Undefined without `runnerScope`. */
  readonly runnerId: pulumi.Output<string> | undefined;

  /** @throws {pulumi.ResourceError} that lists every invalid argument */
  constructor(name: string, args: RunnerPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gitlab-runner-pool:index:RunnerPool", name, {}, opts);
    const serviceName = args.serviceName ?? name;
    const settings = readArguments(name, serviceName, args, this, (warning) => {
      void pulumi.log.warn(warning, this);
    });

    const description = args.description ?? `${settings.runnerName}${name}`;
    const engine = getEngine(this);
    const prior = readPriorState(engine.api, serviceName);
    const placement = new PlacementCheck(this, {
      serviceName,
      settings,
      prior,
      engine: engine.api,
    });
    const ready = Promise.all([settings.checked, placement.beforeAll()]);
    const claimed = claimName(this, serviceName, prior, ready);
    const ownDescription = claimed.name.apply(() => description);
    const { token, runner } = authenticate(this, name, settings, ownDescription);
    const secrets = createSecrets(
      this,
      name,
      claimed.name,
      new Map([["token", token], ...settings.secrets]),
    );
    const certificates = createCertificates(this, name, claimed.name, settings);
    const network = ensureNetwork(this, name, claimed, settings, engine);
    const furtherNetworkIds = findNetworks(settings, engine);
    const networkIds = listNetworkIds(network, furtherNetworkIds);
    const count = countReplicas(settings, engine.api);
    const requested = { name: serviceName, count, prior, engine: engine.api };
    const spec = buildServiceArgs(settings, {
      serviceName,
      image: args.image,
      networkId: network.id,
      furtherNetworkIds,
      secrets,
      certificates,
      deployed: prior.then(({ service }) => service?.nodes),
      mode: (generation) =>
        guardMode(this, settings, {
          ...requested,
          generation,
          checkPlacement: () => placement.beforeChange({ generation, networkIds }),
        }),
    });
    const service = createService(this, name, spec.args, network, claimed.owner, settings);
    failIfNetworkDiffers(network, service.id, settings.nameOf("network"));
    if (runner !== undefined) failIfRunnerDeleted(this, serviceName, runner.id, settings);

    this.name = name;
    this.service = service.name;
    this.image = pulumi.output(args.image);
    this.network = network.name;
    this.gitlabUrl = settings.gitlabUrl;
    this.runnerId = runner?.id;
    this.replicas = waitForReplicas(
      service,
      {
        ...requested,
        generation: spec.generation,
        image: args.image,
        networkIds,
        secretIds: [...secrets, ...certificates.secrets].map(({ id }) => id),
        configIds: certificates.configs.map(({ id }) => id),
      },
      settings,
    );
    this.registerOutputs({
      service: this.service,
      image: this.image,
      // The requested number: registering the outputs does not wait for the replicas.
      replicas: count,
      network: this.network,
      gitlabUrl: this.gitlabUrl,
      runnerId: this.runnerId,
    });
  }
}
