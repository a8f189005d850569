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

describe("the rule about other ways to become root on the node", () => {
  it.each([
    [{ volumes: ["/var/lib/docker:/engine"] }, "volumes", "/var/lib/docker:/engine"],
    [{ volumes: ["/var/lib/:/lib:rw"] }, "volumes", "/var/lib/:/lib:rw"],
    [{ volumes: ["/etc:/host-etc"] }, "volumes", "/etc:/host-etc"],
    [{ capAdd: ["NET_ADMIN", "cap_sys_admin"] }, "capAdd", "SYS_ADMIN"],
    [{ capAdd: "ALL" }, "capAdd", "ALL"],
    [{ devices: ["/dev/kvm", "/dev/sda"] }, "devices", "/dev/sda"],
    [{ devices: ["/dev/nvme0n1p2:/dev/disk:rw"] }, "devices", "/dev/nvme0n1p2:/dev/disk:rw"],
    [{ devices: ["/dev/mapper/vg-root"] }, "devices", "/dev/mapper/vg-root"],
    [{ deviceCgroupRules: ["b 8:* rwm"] }, "deviceCgroupRules", "b 8:* rwm"],
    [{ deviceCgroupRules: ["a *:* rwm"] }, "deviceCgroupRules", "a *:* rwm"],
  ])("warns of %j", (docker, key, entry) => {
    expect(warnings(docker)).toEqual([
      expect.stringContaining(`\`docker.${key}\` (${entry}) gives jobs root access to the node`),
    ]);
  });

  it.each([
    { volumes: ["/var/lib/docker:/engine:ro", "/etc/ssl:/ssl", "/var/lib/docker-cache:/cache"] },
    { capAdd: ["NET_ADMIN", "SYS_PTRACE"] },
    { devices: ["/dev/kvm", "/dev/fuse", "/dev/sda:/dev/sda:r", "/dev/nvme0"] },
    { deviceCgroupRules: ["c 42:* rwm", "b 7:* rwm", "b 8:0 r"] },
  ])("does not warn of %j", (docker) => {
    expect(warnings(docker)).toEqual([]);
  });
});
