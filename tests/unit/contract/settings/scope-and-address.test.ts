import { describe, expect, it } from "@jest/globals";
import { problemOf, readValue } from "../../../support/read-value";
import { registryAddress } from "../../../../contract/settings/types/registry-address";
import { runnerScope } from "../../../../contract/settings/types/runner-scope";

const HUB = { host: "docker.io", plainHttp: false };

describe("the setting runnerScope", () => {
  it.each([
    ["instance", { kind: "instance" }],
    ["group:1", { kind: "group", id: 1 }],
    ["group:1234567890", { kind: "group", id: 1234567890 }],
    [" project:42\n", { kind: "project", id: 42 }],
  ])("parses %j as %j", (text, scope) => {
    expect(readValue(runnerScope, text)).toEqual(scope);
  });

  it.each([
    ...["", "group", "group:", "group:0", "group:01", "group:-1", "group:1.5", "group:a"],
    ...["group:12345678901", "user:1", "group:1 2", "a group:1", "Instance", 1, null, {}],
  ])("rejects %j", (value) => {
    expect(problemOf(runnerScope, value)).toBe(
      "must be instance, group:ID or project:ID, such as group:42",
    );
  });
});

describe("the setting registry.address", () => {
  it.each([
    ["registry.example.com", { host: "registry.example.com", path: "", plainHttp: false }],
    ["registry.example.com/", { host: "registry.example.com", path: "", plainHttp: false }],
    [
      " r-1.example.com:5000/a/b_c ",
      { host: "r-1.example.com:5000", path: "a/b_c", plainHttp: false },
    ],
    ["https://r.example.com/ci", { host: "r.example.com", path: "ci", plainHttp: false }],
    ["http://r.example.com/ci", { host: "r.example.com", path: "ci", plainHttp: true }],
    ["r.example.com/a.b--c__d/", { host: "r.example.com", path: "a.b--c__d", plainHttp: false }],
    ["localhost", { host: "localhost", path: "", plainHttp: true }],
    ["localhost:5000/ci", { host: "localhost:5000", path: "ci", plainHttp: true }],
    ["https://localhost:5000", { host: "localhost:5000", path: "", plainHttp: false }],
    ["127.0.0.1:5000", { host: "127.0.0.1:5000", path: "", plainHttp: true }],
    ["127.0.0.1", { host: "127.0.0.1", path: "", plainHttp: true }],
    ["127.255.12.1:80", { host: "127.255.12.1:80", path: "", plainHttp: true }],
    ["127.0.0.1.example.com", { host: "127.0.0.1.example.com", path: "", plainHttp: false }],
    ["localhost.example.com", { host: "localhost.example.com", path: "", plainHttp: false }],
    ["my.localhost:5000", { host: "my.localhost:5000", path: "", plainHttp: false }],
    ["https://r.example.com/v2/", { host: "r.example.com", path: "", plainHttp: false }],
    ["r.example.com/v1", { host: "r.example.com", path: "", plainHttp: false }],
    ["r.example.com/v3", { host: "r.example.com", path: "v3", plainHttp: false }],
    ["r.example.com/v2/ci", { host: "r.example.com", path: "v2/ci", plainHttp: false }],
    ["docker.io/user", { ...HUB, path: "user" }],
    ["index.docker.io/user", { ...HUB, path: "user" }],
    ["registry-1.docker.io/user", { ...HUB, path: "user" }],
    ["registry.hub.docker.com/user", { ...HUB, path: "user" }],
    ["https://hub.docker.com/user", { ...HUB, path: "user" }],
    ["Docker.IO/user", { ...HUB, path: "user" }],
  ])("parses %j as %j", (text, address) => {
    expect(readValue(registryAddress, text)).toEqual(address);
  });

  it.each([
    ...[
      "",
      "registry",
      "user/repo",
      "ftp://r.example.com",
      "r.example.com/CI",
      "r.example.com//ci",
    ],
    ...["r.example.com/-ci", "r.example.com/ci-", "-r.example.com", "r-.example.com", "r..com"],
    ...["r.example.com:", "r.example.com:123456", "user:pw@r.example.com", "r.example.com/a b", 5],
  ])("rejects %j", (value) => {
    expect(problemOf(registryAddress, value)).toBe(
      "must be HOST[:PORT][/PATH] in lower case, such as registry.example.com/ci or docker.io/USER",
    );
  });

  it.each(["docker.io", "https://index.docker.io/v1/", "hub.docker.com/"])(
    "requires a user for Docker Hub, so rejects %s",
    (text) => {
      expect(problemOf(registryAddress, text)).toBe(
        "must include your Docker Hub user or organization, such as docker.io/USER",
      );
    },
  );
});
