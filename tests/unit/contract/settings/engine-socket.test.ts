import { describe, expect, it } from "@jest/globals";
import { findEngineSocket, hasNodeSocket } from "../../../../contract/settings/engine-socket";
import type { Mount } from "../../../../contract/settings/types/mounts";

const SHELL = { executor: "shell" } as const;
const docker = (host?: string) => ({ executor: "docker", docker: { host } }) as const;
const bind = (source: string): Mount => ({ type: "bind", source, target: "/mounted" });

describe("the socket of the engine that runs the jobs", () => {
  it.each([
    ["the node's by default", docker(), "/var/run/docker.sock"],
    ["the one of docker.host", docker("unix:///run/podman/podman.sock"), "/run/podman/podman.sock"],
    ["missing for an engine on TCP", docker("tcp://docker:2376"), undefined],
    ["missing with the shell executor", SHELL, undefined],
  ])("is %s", (_what, settings, path) => {
    expect(findEngineSocket(settings)).toBe(path);
  });
});

describe("whether a replica has the socket of its node", () => {
  it.each([
    ["the docker executor", docker(), [], true],
    ["the same socket by its other name", docker("unix:///run/docker.sock"), [], true],
    ["Podman", docker("unix:///run/podman/podman.sock"), [], false],
    ["an engine on TCP", docker("tcp://docker:2376"), [], false],
    ["an engine on TCP, and a mount", docker("tcp://docker:2376"), ["/run/docker.sock"], true],
    ["the shell executor", SHELL, ["/srv/cache", "/run/docker"], false],
    ["the shell executor and a mount", SHELL, ["/srv/cache", "/var/run/docker.sock"], true],
    ["the shell executor and a mounted folder", SHELL, ["/run"], true],
  ])("with %s", (_what, settings, sources, expected) => {
    expect(hasNodeSocket({ ...settings, mounts: sources.map(bind) })).toBe(expected);
  });

  it("with a volume of that name, which is none", () => {
    const mounts: readonly Mount[] = [{ type: "volume", source: "run", target: "/var/run" }];
    expect(hasNodeSocket({ ...SHELL, mounts })).toBe(false);
  });
});
