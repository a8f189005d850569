import { describe, expect, it } from "@jest/globals";
import { engineHost, parseEngineHost } from "../../../../contract/settings/types/engine-host";

const SOCKET = (path: string) => ({ kind: "socket", path });
const TCP = (host: string, port: number) => ({ kind: "tcp", host, port });

describe("docker.host", () => {
  it.each([
    ["unix:///var/run/docker.sock", SOCKET("/var/run/docker.sock")],
    ["unix:///run/user/1000/docker.sock", SOCKET("/run/user/1000/docker.sock")],
    ["unix:///run/podman/podman.sock", SOCKET("/run/podman/podman.sock")],
    ["unix:///run/..hidden/a.b@c+d=e~f", SOCKET("/run/..hidden/a.b@c+d=e~f")],
    [`unix:///${"a".repeat(106)}`, SOCKET(`/${"a".repeat(106)}`)],
    ["tcp://docker:2376", TCP("docker", 2376)],
    ["tcp://docker.example.com:1", TCP("docker.example.com", 1)],
    ["tcp://10.0.0.1:65535", TCP("10.0.0.1", 65_535)],
    ["tcp://[fd00::1]:2376", TCP("fd00::1", 2376)],
    ["tcp://[::ffff:10.0.0.1]:2376", TCP("::ffff:10.0.0.1", 2376)],
  ])("accepts %s", (text, parsed) => {
    expect(engineHost.parse(text)).toEqual({ value: text });
    expect(parseEngineHost(text)).toEqual(parsed);
  });

  it.each([
    ["", /^must be unix:\/\/\/PATH .* or tcp:\/\/HOST:PORT /],
    ["unix://", /must have an absolute path after unix:\/\//],
    ["unix://run/docker.sock", /must have an absolute path/],
    ["unix://@abstract", /must have an absolute path/],
    ["unix:/var/run/docker.sock", /^must be unix:\/\/\/PATH/],
    ["/var/run/docker.sock", /: write unix:\/\/PATH$/],
    ["unix:///run/a:b.sock", /must not have a colon/],
    ["unix:///run/docker.sock/", /without a slash at its end/],
    ["unix:////run/docker.sock", /without empty parts/],
    ["unix:///run//docker.sock", /without empty parts/],
    ["unix:///run/../etc/x.sock", /without empty parts, \. and \.\.$/],
    ["unix:///run/.", /without empty parts/],
    ["unix:///", /path of a socket/],
    ["unix:///run/my docker.sock", /only letters, digits and the characters/],
    ["unix:///run/user/$UID/docker.sock", /only letters, digits/],
    ["unix:///run/{{.Node.ID}}.sock", /only letters, digits/],
    ["unix:///run/a\nb.sock", /only letters, digits/],
    [`unix:///${"a".repeat(107)}`, /at most 107 characters.*it has 108$/],
    [
      "unix:///run/gitlab-runner-pool/docker.sock",
      /must not have a path in \/run\/gitlab-runner-pool,/,
    ],
    ["unix:///run/secrets/docker.sock", /must not have a path in \/run\/secrets,/],
    ["unix:///proc/1/root/run/docker.sock", /must not have a path in \/proc,/],
    ["ssh://user@docker", /: a replica cannot use ssh:\/\//],
    ["npipe:////./pipe/docker_engine", /: a pipe of Windows does not exist/],
    ["fd://", /: clients cannot connect to fd:\/\//],
    ["http://docker:2375", /: write tcp:\/\/ instead of http:\/\/$/],
    ["https://docker:2376", /: write tcp:\/\/ instead of https:\/\/$/],
    ["constructor://x", /^must be unix:\/\/\/PATH/],
    ["TCP://docker:2376", /^must be unix:\/\/\/PATH/],
    ["docker", /: write tcp:\/\/HOST:PORT$/],
    ["docker:2376", /: write tcp:\/\/HOST:PORT$/],
    ["[fd00::1]:2376", /: write tcp:\/\/HOST:PORT$/],
    ["tcp://", /must have a host name or an IP address/],
    ["tcp://:2376", /must have a host name or an IP address/],
    ["tcp://doc ker:2376", /must have a host name or an IP address/],
    ["tcp://-docker:2376", /must have a host name or an IP address/],
    ["tcp://[]:2376", /must have a host name or an IP address/],
    ["tcp://[fe80::1%eth0]:2376", /must have a host name or an IP address/],
    ["tcp://[1:2]:2376", /must have a host name or an IP address/],
    ["tcp://docker", /must have a port, which is usually 2376/],
    ["tcp://docker:", /must have a port, which is usually 2376/],
    ["tcp://docker:0", /must have a port from 1 to 65535/],
    ["tcp://docker:65536", /must have a port from 1 to 65535/],
    ["tcp://docker:02376", /must have a port from 1 to 65535/],
    ["tcp://docker:2376x", /must have a port from 1 to 65535/],
    ["tcp://docker:2376/", /must not have a user, a path or a query/],
    ["tcp://docker:2376/v1.41", /must not have a user, a path or a query/],
    ["tcp://user:password@docker:2376", /must not have a user, a path or a query/],
    ["tcp://docker:2376?tls=1", /must not have a user, a path or a query/],
    ["tcp://fd00::1:2376", /must have an IPv6 address in brackets/],
    [2376, /^must be unix:\/\/\/PATH/],
    [null, /^must be a string/],
    [{ path: "/run" }, /^must be a string/],
    [["unix:///run/docker.sock"], /^must be a string/],
  ])("rejects %j with the rule", (text, rule) => {
    expect(engineHost.parse(text)).toEqual({ problem: expect.stringMatching(rule) });
  });

  it.each([
    " unix:///run/docker.sock",
    `tcp://${"a".repeat(300)}:1`,
    `unix://${"/".repeat(9_999)}`,
  ])("rejects a value with whitespace or of great length", (text) => {
    expect(engineHost.parse(text)).toHaveProperty("problem");
  });
});
