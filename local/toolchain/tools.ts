import type { Versions } from "./versions";

/** A program built from Go modules that a folder beside this file pins. */
export interface GoBuild {
  /** Folder with go.mod. */
  readonly module: "engine" | "language" | "providers" | "runner";
  /** What is built: a package's path or `./folder`. */
  readonly package: string;
  /** Name of the program. */
  readonly program: string;
  /** Text variables set at link time: full name to value. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A file of an official release. */
export interface Download {
  readonly url: string;
  /** `archive`: a .tar.gz whose programs end in the tool's folder; else the name that the file gets. */
  readonly as: { readonly archive: true; readonly strip: number } | { readonly program: string };
}

/** Programs of one release that are fetched or built together. */
export interface Tool {
  readonly name: "pulumi" | "docker plugin" | "random plugin" | "gitlab-runner";
  readonly version: string;
  readonly programs: readonly [string, ...string[]];
  /** What makes the first program print its version. */
  readonly versionArgument: string;
  readonly downloads: readonly Download[];
  readonly builds: readonly GoBuild[];
}

/** Go's names of the machine types that all parts are published for. */
export const GO_ARCH: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: "amd64",
  arm64: "arm64",
};

const PULUMI_HOST = "https://get.pulumi.com";
const RUNNER_HOST = "https://s3.dualstack.us-east-1.amazonaws.com/gitlab-runner-downloads";

/** The engine with its language host, in one release. */
export function pulumiTool({ pulumi: version }: Versions, arch: NodeJS.Architecture): Tool {
  return {
    name: "pulumi",
    version,
    programs: ["pulumi", "pulumi-language-nodejs"],
    versionArgument: "version",
    downloads: [
      {
        url: `${PULUMI_HOST}/releases/sdk/pulumi-v${version}-linux-${arch}.tar.gz`,
        as: { archive: true, strip: 1 },
      },
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
  { plugins: { [kind]: version } }: Versions,
  arch: NodeJS.Architecture,
): Tool {
  const program = `pulumi-resource-${kind}`;
  return {
    name: `${kind} plugin`,
    version,
    programs: [program],
    versionArgument: "-version",
    downloads: [
      {
        url: `${PULUMI_HOST}/releases/plugins/${program}-v${version}-linux-${GO_ARCH[arch] ?? arch}.tar.gz`,
        as: { archive: true, strip: 0 },
      },
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

/** The runner, and the helper that it puts into the docker executor's helper containers. */
export function runnerTool(
  { gitlabRunner: version, gitlabRunnerRevision: revision }: Versions,
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
      { url: `${folder}/gitlab-runner-${platform}`, as: { program: "gitlab-runner" } },
      {
        url: `${folder}/gitlab-runner-helper/gitlab-runner-helper.${platform}`,
        as: { program: "gitlab-runner-helper" },
      },
    ],
    builds: [build("gitlab-runner", "."), build("gitlab-runner-helper", "./helper")],
  };
}
