import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Context } from "../context";
import { eventually } from "../eventually";
import { exists, removeTree } from "../files";
import type { Pulumi } from "./home";

/** Longest wait for a pulumi command that another terminal, or an interrupted run, left running. */
const BUSY_TIMEOUT_MS = 10 * 60_000;

const lockSchema = z.object({ pid: z.number() });

const historySchema = z.array(
  z.object({ resourceChanges: z.optional(z.record(z.string(), z.number())) }),
);

const outputSchema = z.object({
  replicas: z.number(),
  runnerId: z.union([z.number(), z.string()]),
});

const exportSchema = z.object({
  deployment: z.object({
    resources: z.optional(z.array(z.unknown())),
    pending_operations: z.optional(
      z.array(
        z.object({
          type: z.string(),
          resource: z.object({
            type: z.string(),
            inputs: z.optional(z.record(z.string(), z.unknown())),
          }),
        }),
      ),
    ),
  }),
});

/** An operation of an interrupted command whose end Pulumi did not see. */
export interface PendingOperation {
  readonly operation: string;
  /** Type token of the resource. */
  readonly type: string;
  /** The resource's name where it runs, if it has one. */
  readonly name: string | undefined;
}

/** Where the platform's stacks are kept. */
export function stateFolder({ paths }: Context): string {
  return join(paths.state, "pulumi-state");
}

/** A stack of this checkout's program in the platform's own backend. */
export class Stack {
  constructor(
    private readonly context: Context,
    private readonly pulumi: Pulumi,
    readonly name: string,
    /** Added to the environment of every command. */
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Waits for commands that still run, and takes away the locks of those that were killed. */
  async unlock(): Promise<void> {
    const folder = join(stateFolder(this.context), ".pulumi/locks");
    await eventually(async () => (await removeDeadLocks(folder)) === 0, {
      what: "another pulumi command on these stacks to end",
      timeoutMs: BUSY_TIMEOUT_MS,
      intervalMs: 1_000,
    });
  }

  /** Makes the stack the selected one, and creates it if there is none. */
  async select(): Promise<void> {
    await mkdir(stateFolder(this.context), { recursive: true });
    await this.run("stack", "select", "--create", this.name);
  }

  /** Brings the swarm in line with the program. @returns how many resources were created, updated and so on */
  async up(refresh: boolean): Promise<Readonly<Record<string, number>>> {
    await this.run(...["up", "--yes", "--skip-preview"], ...(refresh ? ["--refresh"] : []));
    const history = await this.read("stack", "history", "--json", "--page-size", "1");
    return historySchema.parse(JSON.parse(history))[0]?.resourceChanges ?? {};
  }

  /** What the stack says about its pool. */
  async outputs(): Promise<z.infer<typeof outputSchema>> {
    return outputSchema.parse(JSON.parse(await this.read("stack", "output", "--json")));
  }

  /** Takes everything down that the stack holds, and the stack itself; its settings file stays. */
  async remove(): Promise<void> {
    await this.run("destroy", "--yes", "--skip-preview", "--refresh");
    await this.run("stack", "rm", "--yes", "--preserve-config", this.name);
  }

  /** Forgets the pending operations that `pulumi refresh` can settle by looking. */
  async refresh(): Promise<void> {
    await this.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
  }

  /** What an interrupted command left open, and whether the stack holds anything at all. */
  async inspect(): Promise<{ empty: boolean; pending: PendingOperation[] }> {
    const { deployment } = exportSchema.parse(JSON.parse(await this.read("stack", "export")));
    const pending = (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      operation: type,
      type: resource.type,
      name: typeof resource.inputs?.["name"] === "string" ? resource.inputs["name"] : undefined,
    }));
    return { empty: (deployment.resources ?? []).length === 0, pending };
  }

  private async run(...args: string[]): Promise<void> {
    await this.context.commands.run(this.pulumi.program, this.complete(args), this.options());
  }

  private read(...args: string[]): Promise<string> {
    return this.context.commands.read(this.pulumi.program, this.complete(args), this.options());
  }

  private complete(args: readonly string[]): string[] {
    const named = args[0] === "stack" && args[1] !== "export" && args[1] !== "history";
    return [
      ...args,
      "--non-interactive",
      "--color=never",
      ...(named ? [] : ["--stack", this.name]),
    ];
  }

  private options(): { cwd: string; env: Record<string, string> } {
    return {
      cwd: this.context.paths.project,
      env: {
        ...this.pulumi.env,
        PULUMI_BACKEND_URL: `file://${stateFolder(this.context)}`,
        ...this.env,
      },
    };
  }
}

/** Names of the stacks in the platform's backend. */
export async function listStacks(context: Context): Promise<string[]> {
  const folder = join(stateFolder(context), ".pulumi/stacks/gitlab-runner-pool");
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []);
}

/** Removes the lock files of processes that are gone. @returns how many locks of living ones there are */
async function removeDeadLocks(folder: string): Promise<number> {
  if (!(await exists(folder))) return 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let alive = 0;
  for (const entry of entries.filter((one) => one.isFile() && one.name.endsWith(".json"))) {
    const file = join(entry.parentPath, entry.name);
    // A lock that goes while it is read, or that was cut off when it was written, has no living owner.
    const lock = lockSchema.safeParse(
      await readFile(file, "utf8")
        .then(JSON.parse)
        .catch(() => null),
    );
    if (lock.success && (await isPulumi(lock.data.pid))) alive += 1;
    else await removeTree(file);
  }
  return alive;
}

async function isPulumi(pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name.trim() === "pulumi";
}
