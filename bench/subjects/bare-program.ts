import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PREFIX, type Bench } from "../bench";

const PROJECT = resolve(__dirname, "../..");

/**
 * The program of bench/bare, with its own folder, backend and stack. Disposing of it destroys the
 * stack.
 */
export class BareProgram implements AsyncDisposable {
  private constructor(
    private readonly bench: Bench,
    private readonly folder: string,
  ) {}

  static async create(bench: Bench, token: string): Promise<BareProgram> {
    const folder = await mkdtemp(join(tmpdir(), `${PREFIX}-bare-`));
    await cp(join(PROJECT, "bench/bare"), folder, { recursive: true });
    // The same packages as this project's program, because Pulumi searches them for plugins, which
    // takes time.
    await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    await mkdir(join(folder, ".state"));
    const program = new BareProgram(bench, folder);
    await program.run("stack", "init", "bare");
    const { registry, images } = bench.platform;
    const settings = {
      registry,
      service: `${PREFIX}-bare`,
      context: join(PROJECT, "bench/manual"),
      baseImage: images.base,
      gitlabUrl: bench.gitlab.url,
      replicas: "2",
    };
    for (const [key, value] of Object.entries(settings)) {
      await program.run("config", "set", key, value);
    }
    await program.command(["config", "set", "--secret", "token"], token);
    return program;
  }

  preview(): Promise<number> {
    return this.run("preview", "--expect-no-changes");
  }

  up(): Promise<number> {
    return this.run("up", "--yes", "--skip-preview");
  }

  destroy(): Promise<number> {
    return this.run("destroy", "--yes", "--skip-preview");
  }

  /** @returns how long the command took, in milliseconds */
  private async run(...args: readonly string[]): Promise<number> {
    const start = performance.now();
    await this.command(args);
    return performance.now() - start;
  }

  private async command(args: readonly string[], input?: string): Promise<void> {
    const { commands, platform } = this.bench;
    await commands.run(platform.pulumi, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: {
        ...platform.pulumiEnv,
        PULUMI_BACKEND_URL: `file://${join(this.folder, ".state")}`,
        PULUMI_STACK: "bare",
      },
      ...(input === undefined ? {} : { input }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }
}
