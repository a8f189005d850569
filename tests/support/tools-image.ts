import { spawn } from "node:child_process";
import { mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import execa from "execa";
import type { PlatformFacts } from "../../dev/facts";

/** Folders of the image. A job's shell starts with this PATH. */
const PULUMI = "/pulumi/bin";
const HOME = "/pulumi/home";

/**
 * An image with Node.js, npm and Pulumi, as the example pipeline requires it. It is built from the
 * local platform's system, Node.js and tools, and from this machine's npm.
 */
export class ToolsImage implements AsyncDisposable {
  private constructor(
    readonly name: string,
    private readonly docker: Docker,
  ) {}

  /** @param name the image's name in the engine */
  static async build(docker: Docker, platform: PlatformFacts, name: string): Promise<ToolsImage> {
    const folder = await mkdtemp(join(tmpdir(), "tools-image-"));
    try {
      await writeFile(join(folder, "Dockerfile"), dockerfile(platform));
      const parts = [
        [folder, "Dockerfile"],
        [dirname(await realpath(platform.pulumi)), "pulumi", "pulumi-language-nodejs"],
        [platform.pulumiEnv["PULUMI_HOME"] ?? "", "plugins"],
        [await npmFolder(), "npm"],
      ];
      const tar = spawn("tar", [
        ...["--create", "--dereference", "--owner=0", "--group=0"],
        ...parts.flatMap(([from = "", ...files]) => ["--directory", from, ...files]),
      ]);
      await execa("docker", ["build", "--force-rm", "--tag", name, "-"], {
        input: tar.stdout,
        env: { DOCKER_HOST: platform.dockerHost },
      });
      return new ToolsImage(name, docker);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.docker.getImage(this.name).remove({ force: true });
  }
}

function dockerfile({ images }: PlatformFacts): string {
  return `FROM ${images.node} AS node
FROM ${images.base}
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY pulumi pulumi-language-nodejs ${PULUMI}/
COPY plugins ${HOME}/plugins
ENV PATH=${PULUMI}:/usr/local/bin:/usr/bin:/bin PULUMI_HOME=${HOME}
ENTRYPOINT []
CMD ["bash"]
`;
}

/** A folder that contains only npm's own package. */
async function npmFolder(): Promise<string> {
  const { stdout } = await execa("npm", ["root", "--global"]);
  const folder = stdout.trim();
  if (!(await readdir(folder)).includes("npm")) {
    throw new Error(`npm is not in its own global folder ${folder}, from where the test takes it`);
  }
  return folder;
}
