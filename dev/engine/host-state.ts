import { readFile, writeFile } from "node:fs/promises";
import type { Commands } from "../commands";
import { exists, isInstalled, removeTree } from "../files";
import type { PlatformRecord } from "../record";
import { forwardPolicy, hasDockerRules, withoutDocker } from "./firewall";

type HostState = NonNullable<PlatformRecord["engine"]>;

/** Network links that an engine creates and does not remove. */
const LINKS = ["docker0", "docker_gwbridge"];

/** Files and folders that an engine creates outside its own folders. */
const FILES = ["/etc/docker", "/run/docker", "/run/containerd", "/var/run/docker.sock"];

const IP_FORWARD = "/proc/sys/net/ipv4/ip_forward";
const PROGRAMS = ["iptables", "ip6tables"];
const TABLES = ["filter", "nat"];

/** Captures the machine's state before an engine changes it. */
export async function captureHostState(commands: Commands): Promise<HostState> {
  const links = await listLinks();
  const files = await Promise.all(FILES.map(exists));
  const saved = await Promise.all(PROGRAMS.map((program) => saveRules(commands, program)));
  const clean = !saved.some(hasDockerRules);
  return {
    links: LINKS.filter((link) => !links.includes(link)),
    files: FILES.filter((_, i) => files[i] === false),
    ...(clean && {
      firewall: Object.fromEntries(
        PROGRAMS.map((name, i) => [name, forwardPolicy(saved[i] ?? "")]),
      ),
    }),
    ipForward: (await readFile(IP_FORWARD, "utf8")).trim(),
  };
}

/** Removes what a stopped engine left outside its folders. */
export async function restoreHostState(commands: Commands, before: HostState): Promise<void> {
  const links = await listLinks();
  for (const link of before.links.filter((name) => links.includes(name))) {
    await commands.run("ip", ["link", "delete", link]);
  }
  for (const [program, policy] of Object.entries(before.firewall ?? {})) {
    const saved = await saveRules(commands, program);
    if (!hasDockerRules(saved)) continue;
    await commands.run(`${program}-restore`, [], { input: withoutDocker(saved, policy) });
  }
  await writeFile(IP_FORWARD, before.ipForward);
  for (const file of before.files) await removeTree(file);
}

/** Names of the links in this network namespace. /sys may still show another namespace's. */
async function listLinks(): Promise<string[]> {
  const table = await readFile("/proc/self/net/dev", "utf8");
  return [...table.matchAll(/^ *([^\s:|]+):/gm)].flatMap(([, name]) => name ?? []);
}

async function saveRules(commands: Commands, program: string): Promise<string> {
  if (!(await isInstalled(`${program}-save`))) return "";
  const tables = [];
  for (const table of TABLES) {
    tables.push(await commands.read(`${program}-save`, ["--table", table]).catch(() => ""));
  }
  return `${tables.join("\n")}\n`;
}
