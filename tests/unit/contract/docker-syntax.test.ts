import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  imageReference,
  imageTemplate,
  networkMode,
  volumes,
} from "../../../contract/docker-syntax";
import { problemOf } from "../../support/read-value";

const volumeProblem = (...entries: string[]) => problemOf(volumes, JSON.stringify(entries));

describe("validating a volume", () => {
  it.each([
    "/cache",
    "/source:/destination",
    "/destination:rw",
    "/source:/destination:ro,z",
    "/source:/destination:ro,Z",
    "/source:/destination:O,Z",
    "/source:/destination:z",
    "/my host path:/container path:rw",
    "volume_name:/destination",
    "/source:/destination:rslave",
    "/source:/destination:ro,rslave",
    "/source:/destination:rw:rslave",
    "/source:/some/${VAR}/blipp",
  ])("accepts %s", (entry) => {
    expect(volumeProblem(entry)).toBeUndefined();
  });

  it.each([
    ["cache", "is not an absolute path"],
    ["./cache:/cache", "starts with a relative path: use an absolute path"],
    ["~/cache:/cache", "starts with a relative path: use an absolute path"],
    ["C:\\cache:/cache", "is a Windows path, but the nodes run Linux"],
    ["C:/cache:/cache", "is a Windows path, but the nodes run Linux"],
    ["/a:cache", "has a container path that does not start with /"],
    ["/source:$VAR/blipp", "has a container path that does not start with /"],
    [
      "/a:/b:/c:/d",
      "has an invalid form or mode (valid modes: ro, rw, z, Z and a mount propagation such as rslave)",
    ],
    [
      "/a:/b:T",
      "has an invalid form or mode (valid modes: ro, rw, z, Z and a mount propagation such as rslave)",
    ],
    ["/a:/b:ro,unknown", "has an invalid form or mode"],
    [":/destination", "has an invalid form or mode"],
    ["//a", "is not an absolute path"],
    ["/", "is mounted at /, which Docker does not allow"],
    ["/a:/b/..", "is mounted at /, which Docker does not allow"],
    ["my name:/cache", "has an invalid volume name"],
  ])("rejects %s", (entry, reason) => {
    const problem = volumeProblem("/ok", entry);
    expect(problem).toContain(
      `must be a list of PATH or SOURCE:PATH[:MODE]; ${JSON.stringify(entry)} `,
    );
    expect(problem).toContain(reason);
  });

  it("rejects two volumes with the same path", () => {
    expect(volumeProblem("/a:/cache", "/b:/cache/:ro")).toBe(
      'must not mount two volumes at the same path: "/a:/cache" and "/b:/cache/:ro"',
    );
  });

  it("accepts exactly what gitlab-runner's parser accepts", () => {
    // linux_parser.go of gitlab-runner 19.4, without its flag (?i).
    const dir = String.raw`\/(?:[^\\/:*?"<>|\r\n]+\/?)*`;
    const parser = new RegExp(
      `^(((?<source>((${dir})|([^\\\\/:*?"<>|\\r\\n]+))):)?)(${dir})` +
        "(:(ro|rw|O|RO|RW|o|rO|Ro|rW|Rw))?((:|,)([zZ]))?" +
        "((:|,)(?:shared|slave|private|rshared|rslave|rprivate))?$",
    );
    const part = fc.constantFrom(
      "/",
      "/a",
      "a",
      ":",
      ",",
      "ro",
      "rw",
      "z",
      "Z",
      "O",
      "rslave",
      "?",
      "\\",
      "$V",
      " ",
      ".",
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 7 }), (parts) => {
        const entry = parts.join("").trim();
        fc.pre(entry !== "");
        // Docker and gitlab-runner's volume manager reject more volumes, with other messages.
        const reason = volumeProblem(entry) ?? "";
        const isAccepted =
          reason === "" || /is mounted at \/|has an invalid volume name/.test(reason);
        expect(isAccepted).toBe(parser.test(entry));
      }),
      { numRuns: 3_000 },
    );
  });

  it("rejects a long invalid volume quickly", () => {
    const start = performance.now();
    volumeProblem(`/${"a".repeat(5_000)}?`, `/${"a/".repeat(2_000)}:?`);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("validating an image reference", () => {
  const DIGEST = `sha256:${"0".repeat(64)}`;

  it.each([
    "ubuntu",
    "ubuntu:24.04",
    "a/b/c_d__e.f--g:v1",
    "localhost/a:1",
    "localhost:5000/a",
    "Registry.example.com:5000/ci/job:1",
    "[::1]:5000/a",
    `a@${DIGEST}`,
    `r.example.com/a:1@${DIGEST}`,
  ])("accepts %s", (image) => {
    expect(problemOf(imageReference, image)).toBeUndefined();
  });

  it.each([
    "Ubuntu",
    "MyOrg/image",
    "a//b",
    "a/-b",
    "a..b",
    "a:",
    "a b",
    "https://r.example.com/a",
    "docker pull a",
    "a@sha256:0",
    "0".repeat(64),
    "/a",
    "$IMAGE",
  ])("rejects %s", (image) => {
    expect(problemOf(imageReference, image)).toContain("must be an image reference");
  });

  it("accepts variables that gitlab-runner replaces in the helper image", () => {
    const image =
      "registry.gitlab.com/gitlab-org/gitlab-runner/helper:x86_64-${CI_RUNNER_REVISION}";
    expect(problemOf(imageTemplate, image)).toBeUndefined();
    expect(problemOf(imageTemplate, "$HELPER")).toContain("must be an image reference");
  });
});

describe("validating the network of job containers", () => {
  it.each(["bridge", "host", "none", "default", "ci_net", "my net", "a.b-c"])(
    "accepts %s",
    (mode) => {
      expect(problemOf(networkMode, mode)).toBeUndefined();
    },
  );

  it.each(["", "service:web", "ns:/proc/1/ns/net", "a/b", " host", '"host"', "$NET", "-x"])(
    "rejects %j",
    (mode) => {
      expect(problemOf(networkMode, mode)).toBe("must be bridge, host, none or a network name");
    },
  );

  it.each(["container:", "container:db"])("rejects %s, and says what to do instead", (mode) => {
    expect(problemOf(networkMode, mode)).toBe(
      "must be bridge, host, none or a network name, because a container is on one node only: connect the container to a network, and set that network's name",
    );
  });
});
