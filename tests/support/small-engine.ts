import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import execa from "execa";
import { eventually } from "./eventually";
import { stopEngine } from "./three-nodes";

/** An engine in its own network namespace, whose data is on a small file system. */
export interface SmallEngine extends AsyncDisposable {
  readonly docker: Docker;
  /** Value for DOCKER_HOST. */
  readonly host: string;
  /** Folder on its disk. */
  readonly disk: string;
  /** Loads an image that was built long ago, with one layer of random bytes. */
  load(name: string, mib: number, year: number): Promise<void>;
  /** Restarts it, after which it has no events. */
  restart(): Promise<void>;
}

/** @param mib size of the file system */
export async function startSmallEngine(mib: number): Promise<SmallEngine> {
  const folder = await mkdtemp(join(tmpdir(), "small-engine-"));
  const name = `grpd${process.pid % 1000}`;
  const disk = join(folder, "disk");
  const image = join(folder, "image");
  await execa("truncate", ["--size", `${mib}M`, image]);
  await execa("mkfs.ext4", ["-q", "-m", "0", image]);
  await execa("mkdir", [disk]);
  await execa("mount", ["-o", "loop", image, disk]);
  await execa("ip", ["netns", "add", name]);
  const docker = new Docker({ socketPath: join(folder, "docker.sock") });
  const start = async (): Promise<void> => {
    await execa("sh", [
      "-c",
      `setsid nsenter --net=/run/netns/${name} unshare -m dockerd --bridge=none --iptables=false ` +
        `--data-root ${disk}/docker --exec-root ${folder}/exec --pidfile ${folder}/pid ` +
        `-H unix://${folder}/docker.sock >> ${folder}/log 2>&1 < /dev/null &`,
    ]);
    await eventually(() => docker.info() as Promise<object>, {
      what: `the engine (log: ${folder}/log)`,
      timeoutMs: 60_000,
    });
  };
  await start();
  return {
    docker,
    disk,
    host: `unix://${folder}/docker.sock`,
    async load(tag, size, year) {
      const source = await mkdtemp(join(folder, "load-"));
      await writeFile(join(source, "data"), randomBytes(size * 1024 ** 2));
      await execa("tar", ["-cf", "layer.tar", "data"], { cwd: source });
      const { stdout } = await execa("sha256sum", ["layer.tar"], { cwd: source });
      const config = JSON.stringify({
        ...{ architecture: "amd64", os: "linux", config: { Cmd: ["/data"] } },
        created: `${year}-01-01T00:00:00Z`,
        rootfs: { type: "layers", diff_ids: [`sha256:${stdout.slice(0, 64)}`] },
      });
      const file = `${createHash("sha256").update(config).digest("hex")}.json`;
      await writeFile(join(source, file), config);
      const manifest = [{ Config: file, RepoTags: [tag], Layers: ["layer.tar"] }];
      await writeFile(join(source, "manifest.json"), JSON.stringify(manifest));
      const command = `tar -c manifest.json ${file} layer.tar | docker -H "$0" load`;
      await execa("sh", ["-c", command, `unix://${folder}/docker.sock`], { cwd: source });
      await rm(source, { recursive: true });
    },
    async restart() {
      await stopEngine({ name, folder });
      await start();
    },
    async [Symbol.asyncDispose]() {
      await stopEngine({ name, folder });
      await execa("ip", ["netns", "delete", name]);
      await eventually(() => execa("umount", [disk]).then(() => true), {
        what: "the end of the file system's use",
        timeoutMs: 30_000,
      });
      await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 300 });
    },
  };
}
