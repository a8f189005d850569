import { describe, expect, it } from "@jest/globals";
import { CONFIG, warningsOf } from "./read";

function warnings(docker: object): readonly string[] {
  return warningsOf({ config: { ...CONFIG, docker: JSON.stringify(docker) } });
}

describe("the rule about the engine's socket", () => {
  it.each([
    ["/run/podman/podman.sock:/var/run/docker.sock", { host: "unix:///run/podman/podman.sock" }],
    ["/var/run/podman/:/sockets", { host: "unix:///run/podman/podman.sock" }],
    ["/opt:/opt", { host: "unix:///opt/docker/engine.sock" }],
    ["/run/docker.sock:/var/run/docker.sock", { host: "unix:///run/podman/podman.sock" }],
    ["/:/host:ro", {}],
    ["/run/../run/docker.sock:/a", {}],
  ])("warns of the volume %s, which contains the engine's socket: %j", (volume, docker) => {
    expect(warnings({ ...docker, volumes: ["/cache", volume] })).toEqual([
      expect.stringContaining(`\`docker.volumes\` (${volume}) gives jobs root access to the node`),
    ]);
  });

  it.each([
    ["/run/podman/other.sock:/a", { host: "unix:///run/podman/podman.sock" }],
    ["/run/docker:/a", {}],
    ["/run", {}],
    ["run:/var/run", {}],
  ])("does not warn of the volume %s: %j", (volume, docker) => {
    expect(warnings({ ...docker, volumes: [volume] })).toEqual([]);
  });
});
