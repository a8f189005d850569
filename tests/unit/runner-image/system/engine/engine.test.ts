import { describe, expect, it } from "@jest/globals";
import {
  findEngine,
  formatEngine,
  type Engine,
} from "../../../../../runner-image/src/system/engine/engine";

const TLS = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" };

function tcp(host: string, port: number, folder?: string | null): Engine {
  return { kind: "tcp", host, port, tls: folder === undefined ? null : { folder } };
}

describe("the engine that gitlab-runner uses", () => {
  it.each<[string, Engine | undefined, string]>([
    ["", { kind: "socket", path: "/var/run/docker.sock" }, "unix:///var/run/docker.sock"],
    [
      "unix:///run/podman.sock",
      { kind: "socket", path: "/run/podman.sock" },
      "unix:///run/podman.sock",
    ],
    ["tcp://docker:2375", tcp("docker", 2375), "tcp://docker:2375"],
    ["tcp://docker", tcp("docker", 2375), "tcp://docker:2375"],
    ["tcp://10.0.0.1:1/", tcp("10.0.0.1", 1), "tcp://10.0.0.1:1"],
    ["tcp://[fd00::1]:2376", tcp("fd00::1", 2376), "tcp://[fd00::1]:2376"],
  ])("is read from the address %s", (host, engine, shown) => {
    expect(findEngine({ host }, {})).toEqual(engine);
    expect(findEngine({}, { DOCKER_HOST: host })).toEqual(engine);
    expect(engine && formatEngine(engine)).toBe(shown);
  });

  it.each(["ssh://user@docker", "npipe:////./pipe/docker_engine", "docker:2375", "tcp://a:b:1"])(
    "is unknown for %s",
    (host) => {
      expect(findEngine({ host }, {})).toBeUndefined();
    },
  );

  it("is that of the configuration, whose TLS options apply only together with its address", () => {
    const options = { tls_verify: true, tls_cert_path: "/other" };
    const env = { DOCKER_HOST: "tcp://env", ...TLS };
    expect(findEngine({ host: "tcp://a", ...options }, env)).toEqual(tcp("a", 2376, "/other"));
    expect(findEngine({ host: "tcp://a" }, env)).toEqual(tcp("a", 2375));
    expect(findEngine(options, env)).toEqual(tcp("env", 2376, "/certs"));
    expect(findEngine({ host: "", ...options }, {})).toEqual(findEngine({}, {}));
  });

  it.each([
    ["1", "/certs", "/certs"],
    ["true", "", null],
    ["T", undefined, null],
    ["0", "/certs", undefined],
    ["yes", "/certs", undefined],
  ])("uses TLS for DOCKER_TLS_VERIFY=%s and DOCKER_CERT_PATH=%s: %s", (verify, path, folder) => {
    const env = { DOCKER_HOST: "tcp://a:1", DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: path };
    expect(findEngine({}, env)).toEqual(tcp("a", 1, folder));
  });
});
