import type { Versions } from "./versions";

/** A program built from Go modules, which a folder beside this file pins. */
export interface GoBuild {
  /** Folder with go.mod. */
  readonly module: "engine" | "language" | "providers" | "runner" | "s3-server";
  /** The package to build: an import path or `./folder`. */
  readonly package: string;
  /** Name of the program. */
  readonly program: string;
  /** String variables set at link time, by their full name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A file of an official release. */
export interface Download {
  readonly url: string;
  /**
   * `archive`: a .tar.gz whose programs go into the tool's folder. Otherwise the file's new name.
   */
  readonly as: { readonly archive: true; readonly strip: number } | { readonly program: string };
  /** The file's expected hash, if its publisher's hash is known. */
  readonly sha256?: string;
}

/** Programs of one release that are downloaded or built together. */
export interface Tool {
  readonly name: "pulumi" | "docker plugin" | "random plugin" | "gitlab-runner" | "versitygw";
  readonly version: string;
  readonly programs: readonly [string, ...string[]];
  /**
   * The argument with which the first program prints its version. Plugins are not asked, because
   * not every plugin supports it.
   */
  readonly versionArgument: string;
  readonly downloads: readonly Download[];
  readonly builds: readonly GoBuild[];
}

/** True for a provider's plugin. Its folder, or its download, is named after its version. */
export function isPlugin({ name }: Pick<Tool, "name">): boolean {
  return name.endsWith(" plugin");
}

/** Go's names of the architectures for which all parts are published. */
export const GO_ARCH: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: "amd64",
  arm64: "arm64",
};

const PULUMI_HOST = "https://get.pulumi.com";
const RUNNER_HOST = "https://s3.dualstack.us-east-1.amazonaws.com/gitlab-runner-downloads";

/** Pulumi's engine with its language host, in one release. */
export function pulumiTool({ pulumi: version, sha256 }: Versions, arch: NodeJS.Architecture): Tool {
  return {
    name: "pulumi",
    version,
    programs: ["pulumi", "pulumi-language-nodejs"],
    versionArgument: "version",
    downloads: [
      pinned(sha256, {
        url: `${PULUMI_HOST}/releases/sdk/pulumi-v${version}-linux-${arch}.tar.gz`,
        as: { archive: true, strip: 1 },
      }),
    ],
    builds: [
      {
        module: "engine",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        program: "pulumi",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
      },
      {
        module: "language",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        program: "pulumi-language-nodejs",
        variables: {},
      },
    ],
  };
}

/** A provider's plugin, in the version of its npm package. */
export function pluginTool(
  kind: "docker" | "random",
  { plugins: { [kind]: version }, sha256 }: Versions,
  arch: NodeJS.Architecture,
): Tool {
  const program = `pulumi-resource-${kind}`;
  return {
    name: `${kind} plugin`,
    version,
    programs: [program],
    versionArgument: "-version",
    downloads: [
      pinned(sha256, {
        url: `${PULUMI_HOST}/releases/plugins/${program}-v${version}-linux-${GO_ARCH[arch] ?? arch}.tar.gz`,
        as: { archive: true, strip: 0 },
      }),
    ],
    builds: [
      {
        module: "providers",
        package: `./cmd/${program}`,
        program,
        variables: { "main.version": version },
      },
    ],
  };
}

/** gitlab-runner, and the helper that the docker executor copies into its helper containers. */
export function runnerTool(
  { gitlabRunner: version, gitlabRunnerRevision: revision, sha256 }: Versions,
  arch: NodeJS.Architecture,
): Tool {
  const folder = `${RUNNER_HOST}/v${version}/binaries`;
  const platform = `linux-${GO_ARCH[arch] ?? arch}`;
  const build = (program: string, package_: string): GoBuild => ({
    module: "runner",
    package: package_,
    program,
    variables: Object.fromEntries(
      Object.entries({ NAME: program, VERSION: version, REVISION: revision, BRANCH: "master" }).map(
        ([name, value]) => [`gitlab.com/gitlab-org/gitlab-runner/common.${name}`, value],
      ),
    ),
  });
  return {
    name: "gitlab-runner",
    version,
    programs: ["gitlab-runner", "gitlab-runner-helper"],
    versionArgument: "--version",
    downloads: [
      pinned(sha256, {
        url: `${folder}/gitlab-runner-${platform}`,
        as: { program: "gitlab-runner" },
      }),
      pinned(sha256, {
        url: `${folder}/gitlab-runner-helper/gitlab-runner-helper.${platform}`,
        as: { program: "gitlab-runner-helper" },
      }),
    ],
    builds: [build("gitlab-runner", "."), build("gitlab-runner-helper", "./helper")],
  };
}

/** versitygw, the S3 server of the cache tests. */
export function s3ServerTool({ versitygw: version }: Versions): Tool {
  return {
    name: "versitygw",
    version,
    programs: ["versitygw"],
    versionArgument: "--version",
    downloads: [],
    builds: [
      {
        module: "s3-server",
        package: "github.com/versity/versitygw/cmd/versitygw",
        program: "versitygw",
        variables: { "main.Version": version },
      },
    ],
  };
}

/** A download with the hash for its URL in versions.json. */
function pinned(hashes: Versions["sha256"], download: Download): Download {
  const sha256 = hashes?.[download.url];
  return sha256 === undefined ? download : { ...download, sha256 };
}
