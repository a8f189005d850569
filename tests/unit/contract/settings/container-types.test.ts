import { describe, expect, it } from "@jest/globals";
import { settingOf, type SettingKey } from "../../../../contract/settings/keys";
import { parseArgument } from "../../../../contract/settings/type";
import { problemOf, readValue } from "../../../support/read-value";

const bind = (target: string) => ({ type: "bind", source: "/srv", target });

describe("a setting of the replicas' containers", () => {
  it.each<[SettingKey, unknown, unknown]>([
    ["mounts", "/a:/b", [{ type: "bind", source: "/a", target: "/b" }]],
    [
      "mounts",
      "/a:/b:rw,v1:/c:ro",
      [
        { type: "bind", source: "/a", target: "/b" },
        { type: "volume", source: "v1", target: "/c", readOnly: true },
      ],
    ],
    [
      "mounts",
      ["/a:/b:ro", { type: "tmpfs", target: "/t", size: "64m" }],
      [
        { type: "bind", source: "/a", target: "/b", readOnly: true },
        { type: "tmpfs", target: "/t", size: 64 * 1024 ** 2 },
      ],
    ],
    [
      "mounts",
      '[{"type":"volume","source":"v1","target":"/c","readOnly":"false"}]',
      [{ type: "volume", source: "v1", target: "/c", readOnly: false }],
    ],
    ["mounts", "/a:/dev/shm", [{ type: "bind", source: "/a", target: "/dev/shm" }]],
    [
      "mounts",
      "/run/x:/run/gitlab-runner",
      [{ type: "bind", source: "/run/x", target: "/run/gitlab-runner" }],
    ],
    ["mounts", [], []],
    ["networks", "proxy, storage,proxy", ["proxy", "storage"]],
    ["extraHosts", ["a.example:10.0.0.7", "b:fd00::1"], ["a.example:10.0.0.7", "b:fd00::1"]],
    ["extraHosts", "node:host-gateway", ["node:host-gateway"]],
    ["dns", "10.0.0.53,fd00::53", ["10.0.0.53", "fd00::53"]],
    ["dnsSearch", ".", ["."]],
    ["dnsOptions", "ndots:2 , rotate,use-vc", ["ndots:2", "rotate", "use-vc"]],
    ["network", { mtu: "1400", internal: true }, { kind: "created", mtu: 1400, internal: true }],
    ["network", { mtu: 9000, ipv6: false }, { kind: "created", mtu: 9000 }],
  ])("%s accepts %j, and reads its own format again", (key, written, value) => {
    const { type } = settingOf(key);
    const parsed = readValue(type, written);
    expect(parsed).toEqual(value);
    expect(readValue(type, type.format(parsed))).toEqual(value);
  });

  it("accepts a number of bytes for a size only in code", () => {
    const { type } = settingOf("mounts");
    const written = [{ type: "tmpfs", target: "/t", size: 4096 }];
    expect(parseArgument(type, written)).toEqual({ value: written });
    expect(problemOf(type, JSON.stringify(written))).toContain("[0].size must be a size");
  });

  it.each<[SettingKey, unknown, string]>([
    ["mounts", 7, "must be a list of SOURCE:TARGET[:ro] or of objects"],
    ["mounts", [7], "must be a list of SOURCE:TARGET[:ro] or of objects"],
    ["mounts", "/data", '"/data" has no source: write SOURCE:TARGET'],
    ["mounts", "./a:/b", '"./a:/b" starts with a relative path'],
    ["mounts", "C:\\a:/b", "is a Windows path"],
    ["mounts", "/a:b", '"/a:b" has a target that is not an absolute path'],
    ["mounts", "/a:/b:z", '"/a:/b:z" has an invalid mode (valid modes: ro, rw)'],
    ["mounts", [{ target: "/b" }], "[0].type is required"],
    ["mounts", [{ ...bind("/b"), readonly: true }], "did you mean readOnly?"],
    ["mounts", [bind("b")], "[0].target must be an absolute path in the container"],
    ["mounts", [{ ...bind("/b"), size: "1g" }], "mount a bind at /b with a size: only a tmpfs"],
    ["mounts", [{ type: "bind", target: "/b" }], "mount a bind at /b without a source"],
    ["mounts", [{ type: "bind", source: "v1", target: "/b" }], "must be an absolute path on the"],
    ["mounts", [{ type: "volume", source: "/v", target: "/b" }], "must be the name of a volume"],
    ["mounts", [{ type: "volume", target: "/b" }], "mount a volume at /b without a source"],
    ["mounts", [{ type: "tmpfs", source: "v1", target: "/b" }], "with a source: a tmpfs has none"],
    ["mounts", [{ type: "tmpfs", target: "/b", readOnly: true }], "it would stay empty"],
    ["mounts", "/a:/b,/c:/b/", "must not mount two sources at the same path; /b appears twice"],
    ["mounts", "/a:/run/x,/c:/var/run/x", "/run/x appears twice"],
    ["networks", "my network", '"my network" is not one'],
    ["extraHosts", "db.example.com=10.0.0.7", "must be a list of NAME:IP"],
    ["dns", "10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4", "at most 3 IP addresses"],
    ["dns", "127.0.0.53", "must not contain 127.0.0.53, which is the replica itself"],
    ["dns", "::1", "must not contain ::1"],
    ["dns", "0:0:0:0:0:0:0:1", "must not contain 0:0:0:0:0:0:0:1"],
    ["dns", "::ffff:127.0.0.1", "must not contain ::ffff:127.0.0.1"],
    ["dns", "0.0.0.0", "must not contain 0.0.0.0"],
    ["dns", "::", "must not contain ::, which"],
    ["dns", "dns.example.com", "must be a list of IP addresses"],
    ["dnsOptions", "ndots", "did you mean ndots:2?"],
    ["dnsOptions", "rotate:1", "did you mean rotate?"],
    ["dnsOptions", "atempts:3", "did you mean attempts?"],
    ["network", { mtu: 100 }, "must have an mtu that is a whole number from 576 to 9000"],
    ["network", { mtu: 65536 }, "must have an mtu that is a whole number from 576 to 9000"],
    ["network", { internal: "yes" }, "must be a network name, or an object with subnet"],
    ["network", { ipv6: true }, "must not have ipv6, because Docker's overlay networks carry only"],
  ])("%s rejects %j", (key, written, words) => {
    expect(problemOf(settingOf(key).type, written)).toContain(words);
  });

  it.each([
    ["/", "it would hide the replica's whole file system"],
    ["/x/..", "it would hide the replica's whole file system"],
    ["/run/gitlab-runner-pool", "it is the replica's own folder in memory"],
    ["/var/run/gitlab-runner-pool/x", "it is in /run/gitlab-runner-pool, which"],
    ["/run", "it would hide /run/gitlab-runner-pool, which"],
    ["/var/lib/gitlab-runner-pool", "it is the replica's own volume"],
    ["/var/lib", "it would hide /var/lib/gitlab-runner-pool"],
    ["/run/secrets/a", "it is in /run/secrets, which holds the swarm's secrets"],
    ["/etc/gitlab-runner", "use `configTemplate` instead of a config.toml"],
    ["/etc/gitlab-runner/certs", "`caCertificate` instead of files in certs"],
    ["/etc", "it would hide /etc/gitlab-runner, which"],
    ["/etc/hosts", "it is written by Docker: use `extraHosts`"],
    ["/etc/resolv.conf", "it is written by Docker: use `dns`"],
    ["/bin", "it would hide /usr/bin/gitlab-runner"],
    ["/usr/bin", "it would hide /usr/bin/gitlab-runner"],
    ["/sbin", "it has the programs of the image, which the replica needs"],
    ["/usr/lib", "it has the libraries of the image, which the replica needs"],
    ["/lib", "it has the libraries of the image"],
    ["/lib64", "it has the libraries of the image"],
    ["/etc/passwd", "it has the users of the image"],
    ["/usr", "it would hide /usr/local/lib/gitlab-runner-pool"],
    ["/proc/x", "it is in /proc, which belongs to the kernel"],
    ["/dev", "it would hide the devices"],
  ])("mounts rejects the target %s", (target, words) => {
    const problem = problemOf(settingOf("mounts").type, [bind(target)]);
    expect(problem).toMatch(/^must not mount at /);
    expect(problem).toContain(words);
  });

  it.each(["/usr/bin/docker-credential-x", "/usr/lib/tools", "/lib/firmware", "/etc/ssl"])(
    "mounts accepts the target %s",
    (target) => {
      expect(problemOf(settingOf("mounts").type, [bind(target)])).toBeUndefined();
    },
  );

  it("mounts reports all reserved targets at once", () => {
    expect(problemOf(settingOf("mounts").type, [bind("/"), bind("/proc")])).toMatch(
      /^must not mount at \/: .*; must not mount at \/proc: /,
    );
  });
});
