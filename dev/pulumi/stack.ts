import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { PULUMI } from "../../pulumi-cli/commands";
import type { Context } from "../context";
import { eventually } from "../eventually";
import { exists, removeTree } from "../files";
import type { Pulumi } from "./home";

/** The program's name in Pulumi.yaml. */
export const PROJECT_NAME = "gitlab-runner-pool";

/** Longest wait for a pulumi command that another terminal or an interrupted run left running. */
const BUSY_TIMEOUT_MS = 10 * 60_000;

/** How long `pulumi destroy` may take, not counting the jobs' time to finish. */
const DESTROY_TIMEOUT_MS = 3 * 60_000;
const COMMAND_TIMEOUT_MS = 60_000;

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

/** An operation of an interrupted command. Pulumi does not know its result. */
export interface PendingOperation {
  readonly operation: string;
  /** Type token of the resource. */
  readonly type: string;
  /** The resource's name outside Pulumi, if it has one. */
  readonly name: string | undefined;
}

/** Where the platform's stacks are stored. */
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

  /** Waits for commands that still run, and removes the locks of killed ones. */
  async unlock(): Promise<void> {
    const folder = join(stateFolder(this.context), ".pulumi/locks");
    await eventually(async () => (await removeDeadLocks(folder)) === 0, {
      what: "another pulumi command on these stacks to end",
      timeoutMs: BUSY_TIMEOUT_MS,
      intervalMs: 1_000,
    });
  }

  /** Selects the stack, and creates it if it does not exist. */
  async select(): Promise<void> {
    await mkdir(stateFolder(this.context), { recursive: true });
    await this.run(PULUMI.select(this.name));
  }

  /**
   * Runs `pulumi up`.
   * @returns how many resources were created, updated and so on
   */
  async up(refresh: boolean): Promise<Readonly<Record<string, number>>> {
    await this.run(PULUMI.up(...(refresh ? ["--refresh"] : [])));
    const history = await this.read(PULUMI.history());
    return historySchema.parse(JSON.parse(history))[0]?.resourceChanges ?? {};
  }

  /** The stack's outputs about its pool. */
  async outputs(): Promise<z.infer<typeof outputSchema>> {
    return outputSchema.parse(JSON.parse(await this.read(PULUMI.outputs())));
  }

  /**
   * Destroys the stack's resources and removes the stack. Its settings file stays.
   * @param drainMs milliseconds that running jobs have to finish
   */
  async remove(drainMs: number): Promise<void> {
    const timeoutMs = drainMs + DESTROY_TIMEOUT_MS;
    const { commands } = this.context;
    const destroy = this.complete(PULUMI.destroy("--refresh"));
    await commands.run(this.pulumi.program, destroy, { ...this.options(), timeoutMs });
    const remove = this.complete(PULUMI.remove(this.name, "--preserve-config"));
    const options = { ...this.options(), timeoutMs: COMMAND_TIMEOUT_MS };
    await commands.run(this.pulumi.program, remove, options);
  }

  /** Clears the pending operations that `pulumi refresh` can resolve. */
  async refresh(): Promise<void> {
    await this.run(PULUMI.refresh("--clear-pending-creates"));
  }

  /** Lists what an interrupted command left pending, and whether the stack is empty. */
  async inspect(): Promise<{ empty: boolean; pending: PendingOperation[] }> {
    const { deployment } = exportSchema.parse(JSON.parse(await this.read(PULUMI.exportState())));
    const pending = (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      operation: type,
      type: resource.type,
      name: typeof resource.inputs?.["name"] === "string" ? resource.inputs["name"] : undefined,
    }));
    return { empty: (deployment.resources ?? []).length === 0, pending };
  }

  private async run(args: readonly string[]): Promise<void> {
    await this.context.commands.run(this.pulumi.program, this.complete(args), this.options());
  }

  private read(args: readonly string[]): Promise<string> {
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
  const folder = join(stateFolder(context), ".pulumi/stacks", PROJECT_NAME);
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => /^(.*)\.json(?:\.gz)?$/.exec(file)?.[1] ?? []);
}

/**
 * Removes the lock files of processes that no longer exist.
 * @returns how many locks of running processes remain
 */
async function removeDeadLocks(folder: string): Promise<number> {
  if (!(await exists(folder))) return 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let alive = 0;
  for (const entry of entries.filter((one) => one.isFile() && one.name.endsWith(".json"))) {
    const file = join(entry.parentPath, entry.name);
    // A lock file that disappears while it is read, or was only half written, has no running owner.
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
