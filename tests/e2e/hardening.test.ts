import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import execa from "execa";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { listContainers } from "../support/swarm";

/** The numbers of KILL, SETGID and SETUID in the kernel's capability.h are 5, 6 and 7. */
const SHELL_CAPABILITIES = (1n << 5n) | (1n << 6n) | (1n << 7n);

let pool: PoolFixture;
/** IDs of the containers, by executor. */
let replicas: { readonly docker: string; readonly shell: string };

beforeAll(async () => {
  pool = await createPool({ settings: { replicas: 1, drainTimeout: "20s" } });
  const { stack, gitlab, docker } = pool;
  const { token } = await gitlab.createRunner({ tags: ["shell"], runUntagged: false });
  await stack.configure({ pools: { shell: { token, executor: "shell" } } });
  await stack.mustUp();
  const find = async (service: string) => (await listContainers(docker, service))[0]?.Id ?? "";
  replicas = {
    docker: await find(stack.serviceName),
    shell: await find(`${stack.serviceName}-shell`),
  };
}, 300_000);

afterAll(async () => {
  await pool[Symbol.asyncDispose]();
}, 120_000);

/** Runs a shell command in a replica. */
const run = async (executor: keyof typeof replicas, command: string) => {
  const args = ["exec", replicas[executor], "sh", "-c", command];
  const { stdout, stderr } = await execa("docker", args, {
    env: { DOCKER_HOST: pool.platform.dockerHost },
    reject: false,
  });
  return `${stdout}${stderr}`;
};

/** Reads the rights of PID 1 and of gitlab-runner, as the kernel reports them. */
async function readRights(executor: keyof typeof replicas) {
  const find = `for p in /proc/[0-9]*; do [ "$(cat $p/comm)" != gitlab-runner ] || echo $p; done`;
  const runner = (await run(executor, find)).trim();
  const read = async (process: string) => {
    const status = await run(executor, `cat ${process}/status`);
    const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)$`, "m").exec(status)?.[1];
    const limits = await run(executor, `cat ${process}/limits`);
    return {
      coreSize: /^Max core file size\s+(\S+)/m.exec(limits)?.[1],
      effective: BigInt(`0x${field("CapEff") ?? ""}`),
      bounding: BigInt(`0x${field("CapBnd") ?? ""}`),
      noNewPrivs: field("NoNewPrivs"),
    };
  };
  return { init: await read("/proc/1"), runner: await read(runner) };
}

describe("a replica with the docker executor", () => {
  it("has no capabilities, and gitlab-runner cannot gain rights", async () => {
    const { init, runner } = await readRights("docker");
    const none = { effective: 0n, bounding: 0n };
    expect(init).toMatchObject(none);
    expect(runner).toEqual({ ...none, noNewPrivs: "1", coreSize: "0" });
  });

  it("cannot write to its root file system, and has its writable folders in memory", async () => {
    for (const path of ["/x", "/root/x", "/usr/local/bin/x", "/var/tmp/x", "/run/x"]) {
      expect(await run("docker", `touch ${path}`)).toMatch(/Read-only file system/);
    }
    for (const folder of ["/tmp", "/home/gitlab-runner", "/run/gitlab-runner-pool"]) {
      expect(await run("docker", `touch ${folder}/x && stat -f -c %T ${folder}`)).toBe("tmpfs");
    }
    expect(await run("docker", "stat -c %a /tmp")).toBe("1777");
    // What is left are two volumes, and the socket.
    const mounts = await run("docker", "cat /proc/self/mounts");
    const onDisk = mounts.split("\n").flatMap((line) => {
      const [, target = "", type = "", options = ""] = line.split(" ");
      return /^(?:ext4|xfs|btrfs|overlay)$/.test(type) && options.startsWith("rw") ? [target] : [];
    });
    expect(onDisk.filter((target) => target !== "/run/docker.sock").sort()).toEqual([
      "/etc/gitlab-runner",
      "/var/lib/gitlab-runner-pool",
    ]);
    expect(await run("docker", "ls -A /etc/gitlab-runner")).toBe("");
  });

  it("runs a job", async () => {
    const { id } = await pool.gitlab.enqueueJob({ script: ["echo hello"] });
    const { status } = await pool.gitlab.waitForJob({ id, timeoutMs: 60_000 });
    expect({ status, trace: await pool.gitlab.trace({ id }) }).toMatchObject({ status: "success" });
  });
});

describe("a replica with the shell executor", () => {
  it("has the capabilities that jobs of another user need, and a writable root", async () => {
    const { init, runner } = await readRights("shell");
    const some = { effective: SHELL_CAPABILITIES, bounding: SHELL_CAPABILITIES };
    expect(init).toMatchObject(some);
    expect(runner).toEqual({ ...some, noNewPrivs: "0", coreSize: "0" });
    expect(await run("shell", "touch /x")).toBe("");
  });

  it("runs a job as the user gitlab-runner", async () => {
    const { id } = await pool.gitlab.enqueueJob({ tags: ["shell"], script: ["whoami"] });
    const { status } = await pool.gitlab.waitForJob({ id, timeoutMs: 60_000 });
    const trace = await pool.gitlab.trace({ id });
    expect({ status, trace }).toMatchObject({ status: "success" });
    expect(trace).toMatch(/^gitlab-runner\r?$/m);
  });
});
