import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createAttachedPools, DOMAIN, type AttachedPools } from "../support/attached-pools";

let pools: AttachedPools;
const logs = new Map<string, string>();

/** Prints the answer of a server, or why there is none. */
const ask = (url: string) =>
  `/usr/local/bin/node -e 'fetch("${url}", { signal: AbortSignal.timeout(3000) }).then((answer) => console.log("answer", answer.status), (error) => console.log("no answer", error.name))'`;

/** Prints the address of a name. */
const resolveName = (name: string) =>
  `/usr/local/bin/node -e 'require("node:dns").lookup("${name}", (error, address) => console.log("address", address))'`;

beforeAll(async () => {
  pools = await createAttachedPools();
  const { pool, gate } = pools;
  const { stack, gitlab, gitlabUrl } = pool;
  await stack.mustUp();
  const gateUrl = `http://${gate}:${new URL(gitlabUrl).port}/api/v4/version`;
  const scripts: Readonly<Record<string, readonly string[]>> = {
    hosts: ["cat /etc/hosts /mnt/note/note", "grep /mnt /proc/mounts", ask(gateUrl)],
    dns: ["cat /etc/resolv.conf", resolveName(gate)],
    inside: [
      "cat /proc/net/route",
      "cat /sys/class/net/*/mtu",
      ask(gateUrl),
      ask(`${gitlabUrl}/api/v4/version`),
    ],
  };
  await Promise.all(
    Object.entries(scripts).map(async ([tag, script]) => {
      const { id } = await gitlab.enqueueJob({ script: [...script], tags: [tag] });
      const { status } = await gitlab.waitForJob({ id, timeoutMs: 90_000 });
      logs.set(tag, `${status}\n${await gitlab.trace({ id })}`);
    }),
  );
  await stack.expectNoChangesAfterRefresh();
});
afterAll(async () => {
  await pools[Symbol.asyncDispose]();
});

const logOf = (tag: string): string => logs.get(tag) ?? "";

describe("a replica", () => {
  it("reaches a GitLab whose name only `extraHosts` resolves, and so do its jobs", () => {
    expect(logOf("hosts")).toMatch(/^success/);
    expect(logOf("hosts")).toMatch(/\tgitlab\.hosts\.test$/m);
  });

  it("has the mounts of `mounts`", () => {
    expect(logOf("hosts")).toContain("from the node");
    expect(logOf("hosts")).toMatch(/ \/mnt\/note \S+ ro,/);
    expect(logOf("hosts")).toMatch(/^tmpfs \/mnt\/memory tmpfs \S*size=1024k/m);
  });

  it("reaches the containers of a further network by name", () => {
    expect(logOf("hosts")).toMatch(/^answer \d{3}/m);
  });

  it("asks the servers of `dns`, in the domains of `dnsSearch`", () => {
    expect(logOf("dns")).toMatch(/^success/);
    expect([...pools.dns.asked]).toContain(`gitlab-of-dns.${DOMAIN}`);
    expect(logOf("dns")).toMatch(new RegExp(`^search ${DOMAIN.replace(".", "\\.")}$`, "m"));
    expect(logOf("dns")).toMatch(/^options .*\bndots:2\b.*\btimeout:2\b/m);
  });

  it("still has Docker's own DNS for the names of the swarm", () => {
    expect(logOf("dns")).toContain("nameserver 127.0.0.11");
    expect(logOf("dns")).toMatch(/^address (?:\d+\.){3}\d+$/m);
  });

  it("has no way out of internal networks, and reaches GitLab through one of them", () => {
    expect(logOf("inside")).toMatch(/^success/);
    // A default route has the destination 0.
    expect(logOf("inside")).not.toMatch(/^eth\d+\s+00000000\s/m);
    expect(logOf("inside")).toMatch(/^answer \d{3}/m);
    expect(logOf("inside")).toContain("no answer");
  });

  it("has the MTU of `network.mtu`, less what the overlay network needs", () => {
    expect(logOf("inside")).toMatch(/^1350$/m);
  });
});
