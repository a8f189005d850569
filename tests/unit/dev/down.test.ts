import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { splitStacks } from "../../../dev/destroy";
import { listBridges, isOwnAddress } from "../../../dev/engine/bridges";
import { closeTree, makePrivateFolder, writeFileAtomic } from "../../../dev/files";
import { namedResources, readResources } from "../../../dev/pulumi/state-file";

function folder(): string {
  return mkdtempSync(join(tmpdir(), "local-"));
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("`npm run demo:down`", () => {
  it("destroys only the demo's stack, and no other stack in its backend", () => {
    expect(splitStacks(["dev", "production", "dev2"])).toEqual({
      own: ["dev"],
      others: ["production", "dev2"],
    });
  });

  it("reads a stack's Docker objects from its state file, without Pulumi", () => {
    const state = {
      version: 3,
      checkpoint: {
        stack: "organization/gitlab-runner-pool/dev",
        latest: {
          resources: [
            { type: "pulumi:pulumi:Stack", outputs: { service: "s" } },
            { type: "docker:index/service:Service", inputs: { name: "s" }, outputs: { name: "s" } },
            { type: "docker:index/secret:Secret", inputs: {}, outputs: { name: "token-1" } },
            { type: "docker:index/network:Network", inputs: { name: { secret: true } } },
          ],
        },
      },
    };
    expect(namedResources(state)).toEqual([
      { type: "docker:index/service:Service", name: "s" },
      { type: "docker:index/secret:Secret", name: "token-1" },
    ]);
    expect(namedResources({ checkpoint: { latest: null } })).toEqual([]);
  });

  it.each(["", "{", '{"checkpoint": 5}'])("ignores a state file that contains %p", async (text) => {
    const state = folder();
    mkdirSync(join(state, ".pulumi/stacks/gitlab-runner-pool"), { recursive: true });
    writeFileSync(join(state, ".pulumi/stacks/gitlab-runner-pool/dev.json"), text);
    expect(await readResources(state, "dev")).toEqual([]);
  });
});

describe("listBridges and isOwnAddress", () => {
  const docker0 = {
    ...{ Name: "bridge", Id: "1", Driver: "bridge" },
    Options: { "com.docker.network.bridge.name": "docker0" },
    IPAM: { Config: [{ Subnet: "172.17.0.0/16", Gateway: "172.17.0.1" }] },
  };

  it("lists the bridges through which containers reach this machine", () => {
    const overlay = { Name: "ingress", Id: "2", Driver: "overlay", IPAM: docker0.IPAM };
    const custom = { ...docker0, Name: "custom" };
    const tasks = {
      ...{ Name: "docker_gwbridge", Id: "3", Driver: "bridge", Options: null },
      IPAM: { Config: [{ Subnet: "172.18.0.0/16" }, { Subnet: "fd00::/64", Gateway: "fd00::1" }] },
    };
    expect(listBridges([docker0, overlay, custom, tasks])).toEqual([
      { network: "bridge", link: "docker0", address: "172.17.0.1", prefix: 16 },
      { network: "docker_gwbridge", link: "docker_gwbridge", address: "172.18.0.1", prefix: 16 },
    ]);
  });

  it("lists no bridge for an engine without one", () => {
    expect(
      listBridges([{ Name: "none", Id: "1", Driver: "null", IPAM: { Config: null } }]),
    ).toEqual([]);
  });

  it("reports whether this machine has an address", async () => {
    expect(await isOwnAddress("127.0.0.1")).toBe(true);
    expect(await isOwnAddress("192.0.2.1")).toBe(false);
  });
});

describe("the platform's state folder", () => {
  it("is accessible to its user only, including files that other programs wrote", async () => {
    const state = join(folder(), "state");
    await makePrivateFolder(state);
    await writeFileAtomic(join(state, "inner/record.json"), "{}");
    writeFileSync(join(state, "inner/pulumi.json"), "{}", { mode: 0o644 });
    writeFileSync(join(state, "program"), "#!/bin/sh", { mode: 0o755 });
    chmodSync(join(state, "inner"), 0o755);
    await closeTree(state);
    const paths = ["", "inner", "inner/record.json", "inner/pulumi.json", "program"];
    expect(paths.map((path) => modeOf(join(state, path)))).toEqual([
      "700",
      "700",
      "600",
      "600",
      "700",
    ]);
  });

  it("is made private if it was open before", async () => {
    const state = folder();
    chmodSync(state, 0o755);
    await makePrivateFolder(state);
    expect(modeOf(state)).toBe("700");
  });
});
