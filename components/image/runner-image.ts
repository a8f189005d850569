import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { BASE_IMAGE, NODE_IMAGE } from "../../contract/versions";
import { asInput } from "../user-error";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import { checkContext } from "./check-context";
import { checkRegistry } from "./check-registry";
import { hashContent, digestFiles } from "./content-hash";
import { buildImageName } from "./image-name";
import { readRegistry, type ImageLogin } from "./image-registry";
import { selectSources } from "./image-sources";
import { createLoginProvider } from "./login-provider";
import type { RunnerImageArgs } from "./runner-image-args";

/**
 * The image of the replicas. It is built from a folder and pushed to a registry. The tag contains a
 * hash of all inputs: the image is built and pushed again only if an input changes, and the old
 * image stays in the registry.
 * @example
 * const image = new RunnerImage("image", { registry: "registry.example.com/ci" });
 */
export class RunnerImage extends pulumi.ComponentResource {
  /** The pushed image, as `REPOSITORY:TAG@sha256:DIGEST`. Pass it to `RunnerPool`. */
  readonly reference: pulumi.Output<string>;
  /**
   * The docker provider that this component created for the login of the registry. Empty if the
   * program's own provider has the login. Pass it to the pools that run the image, because their
   * nodes pull with its login.
   * @example new RunnerPool("ci", { image: image.reference, … }, { providers: image.providers })
   */
  readonly providers: docker.Provider[];

  /**
   * @throws {pulumi.ResourceError} if an argument is invalid, a file is missing, or the registry
   * does not answer
   */
  constructor(name: string, args: RunnerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gitlab-runner-pool:index:RunnerImage", name, {}, opts);
    const { baseImage = BASE_IMAGE, nodeImage = NODE_IMAGE } = args;
    const context = checkContext(this, args.context);
    const registry = readRegistry(this, args.registry);
    const { address, login } = registry;
    const provider = createLoginProvider(this, `${name}-docker`, registry);
    this.providers = provider === undefined ? [] : [provider];
    const options = { parent: this, ...(provider === undefined ? {} : { provider }) };

    const buildArgs = { BASE_IMAGE: baseImage, NODE_IMAGE: nodeImage };
    const hash = hashContent(context, buildArgs);
    const tagged = address.apply((known) =>
      asInput(nameImage(this, known, buildImageName(known, baseImage, hash))),
    );
    const built = new docker.RemoteImage(
      `${name}-build`,
      {
        name: tagged,
        build: { context, dockerfile: "Dockerfile", buildArgs },
        // These change together with the name. They show in the diff which files changed.
        triggers: digestFiles(context),
        // Draining replicas still run the old image, and a rollback needs it.
        keepLocally: true,
      },
      {
        ...options,
        dependsOn: pullSources(name, login, { base: baseImage, node: nodeImage }, options),
      },
    );
    const pushed = new docker.RegistryImage(
      `${name}-push`,
      {
        name: built.name,
        keepRemotely: true,
        insecureSkipVerify: address.apply(({ plainHttp }) => plainHttp),
      },
      options,
    );

    this.reference = pulumi.interpolate`${tagged}@${pushed.sha256Digest}`;
    this.registerOutputs({ reference: this.reference });
  }
}

/**
 * Pulls the source images that are in the registry, with its login. The build itself has only the
 * logins of this machine.
 */
function pullSources(
  name: string,
  login: ImageLogin,
  images: Readonly<Record<string, string>>,
  options: pulumi.CustomResourceOptions,
): docker.RemoteImage[] {
  const sources = login.kind === "unknown" ? [] : selectSources(login.address, images);
  return sources.map(
    ([role, image]) =>
      new docker.RemoteImage(`${name}-${role}`, { name: image, keepLocally: true }, options),
  );
}

/** Returns the image's name once the registry is known to answer. */
async function nameImage(
  image: RunnerImage,
  registry: RegistryAddress,
  tagged: string,
): Promise<string> {
  if (!pulumi.runtime.isDryRun()) await checkRegistry(image, registry, tagged);
  return tagged;
}
