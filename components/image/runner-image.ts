import { existsSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryAddress } from "../settings/registry-address";
import { bundleEntrypoint } from "./bundle-entrypoint";
import { contentHash } from "./content-hash";
import { imageName } from "./image-name";

/** What a runner image is made from and where it goes. */
export interface RunnerImageArgs {
  /** Where the image is pushed and pulled. */
  readonly registry: RegistryAddress;
  /** Build context, as a path from the project's folder: an absolute one would differ between machines. */
  readonly context: string;
  /** The entrypoint's source, as a path in the context. */
  readonly entrypoint: string;
  /** Where the entrypoint's bundle goes, as a path in the context. */
  readonly bundle: string;
  /** Image with gitlab-runner. */
  readonly baseImage: string;
  /** Image with the Node binary. */
  readonly nodeImage: string;
}

/**
 * The image of the replicas: built from a folder and pushed. Its tag holds a hash of all that it is made from, so that
 * the same inputs give the same name and no work, and another input gives another image beside the old one.
 */
export class RunnerImage extends pulumi.ComponentResource {
  /** `REPOSITORY:TAG@sha256:…`, what services run. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: RunnerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gitlab-runner-pool:index:RunnerImage", name, {}, opts);
    const { context, baseImage, nodeImage, registry } = args;
    bundle(this, args);
    const buildArgs = { BASE_IMAGE: baseImage, NODE_IMAGE: nodeImage };
    const tagged = imageName(registry, baseImage, contentHash(context, buildArgs));

    const built = new docker.RemoteImage(
      `${name}-build`,
      {
        name: tagged,
        build: { context, dockerfile: "Dockerfile", buildArgs },
        // Replicas that still drain run the old image, and a rollback needs it.
        keepLocally: true,
      },
      { parent: this },
    );
    const pushed = new docker.RegistryImage(
      `${name}-push`,
      { name: built.name, keepRemotely: true, insecureSkipVerify: registry.plainHttp },
      { parent: this },
    );

    this.reference = pulumi.interpolate`${tagged}@${pushed.sha256Digest}`;
    this.registerOutputs({ reference: this.reference });
  }
}

/** @throws {pulumi.ResourceError} if a file is missing or the entrypoint cannot be bundled */
function bundle(
  image: RunnerImage,
  { context, entrypoint, bundle: target }: RunnerImageArgs,
): void {
  for (const file of ["Dockerfile", entrypoint]) {
    if (!existsSync(join(context, file))) {
      throw new pulumi.ResourceError(
        `the runner image cannot be built: ${join(context, file)} is missing`,
        image,
        true,
      );
    }
  }
  try {
    bundleEntrypoint(process.cwd(), join(context, entrypoint), join(context, target));
  } catch (error) {
    throw new pulumi.ResourceError(
      `the entrypoint ${join(context, entrypoint)} cannot be bundled: ${String(error)}`,
      image,
      true,
    );
  }
}
