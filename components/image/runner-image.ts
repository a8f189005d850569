import { existsSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryAddress } from "../settings/registry-address";
import { inputOf, messageOf, plainResourceError } from "../plain-error";
import { bundleEntrypoint } from "./bundle-entrypoint";
import { checkRegistry } from "./check-registry";
import { contentHash, fileDigests } from "./content-hash";
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
    const buildArgs = { BASE_IMAGE: baseImage, NODE_IMAGE: nodeImage };
    checkFiles(this, args);
    const content = pulumi.output(inputOf(prepare(this, args, buildArgs)));
    const { tagged } = content;

    const built = new docker.RemoteImage(
      `${name}-build`,
      {
        name: tagged,
        build: { context, dockerfile: "Dockerfile", buildArgs },
        // They change together with the name: for those who read the diff.
        triggers: content.files,
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

/** Makes the build context complete and gives it a name. */
async function prepare(
  image: RunnerImage,
  args: RunnerImageArgs,
  buildArgs: Readonly<Record<string, string>>,
): Promise<{ readonly tagged: string; readonly files: Readonly<Record<string, string>> }> {
  bundle(image, args);
  const { registry, context, baseImage } = args;
  const tagged = imageName(registry, baseImage, contentHash(context, buildArgs));
  if (!pulumi.runtime.isDryRun()) await checkRegistry(image, registry, tagged);
  return { tagged, files: fileDigests(context) };
}

/** @throws {pulumi.ResourceError} if a file is missing */
function checkFiles(image: RunnerImage, { context, entrypoint }: RunnerImageArgs): void {
  const missing = ["Dockerfile", entrypoint]
    .map((file) => join(context, file))
    .filter((path) => !existsSync(path));
  if (missing.length > 0) {
    const message = `the runner image cannot be built: ${missing.join(" and ")} is missing`;
    throw plainResourceError(message, image);
  }
}

/** @throws {pulumi.ResourceError} if the entrypoint cannot be bundled */
function bundle(
  image: RunnerImage,
  { context, entrypoint, bundle: target }: RunnerImageArgs,
): void {
  try {
    bundleEntrypoint(process.cwd(), join(context, entrypoint), join(context, target));
  } catch (error) {
    const message = `the entrypoint ${join(context, entrypoint)} cannot be bundled: ${messageOf(error)}`;
    throw plainResourceError(message, image);
  }
}
