import { describe, expect, it } from "@jest/globals";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { declare, inputsOf } from "../../../support/mocks";

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com/",
  token: "glrt-a-token-of-a-runner",
  image: "registry.example.com/ci/runner:1@sha256:abc",
  onlineTimeout: "0s",
};

interface Container {
  readonly env: Readonly<Record<string, string>>;
  readonly capAdds?: readonly string[];
  readonly capDrops: readonly string[];
  readonly readOnly?: boolean;
  readonly mounts: readonly { readonly type: string; readonly target: string }[];
}

async function declareContainer(args: Partial<RunnerPoolArgs>): Promise<Container> {
  const declared = await declare(() => ({
    pool: new RunnerPool("ci", { ...ARGS, ...args }).service,
  }));
  const service = "docker:index/service:Service::ci-service";
  const { taskSpec } = inputsOf(declared, service) as {
    readonly taskSpec: { readonly containerSpec: Container };
  };
  return taskSpec.containerSpec;
}

const listInMemory = ({ mounts }: Container): readonly string[] =>
  mounts.filter(({ type }) => type === "tmpfs").map(({ target }) => target);

describe("the container of a replica", () => {
  it.each<[string, Partial<RunnerPoolArgs>, readonly string[] | undefined]>([
    ["the docker executor", {}, undefined],
    ["the same socket in words", { docker: { host: "unix:///var/run/docker.sock" } }, undefined],
    ["another socket", { docker: { host: "unix:///run/podman.sock" } }, ["DAC_OVERRIDE"]],
    ["the shell executor", { executor: "shell" }, ["KILL", "SETGID", "SETUID"]],
    ["capAdd", { capAdd: ["net_raw", "CAP_CHOWN"] }, ["CHOWN", "NET_RAW"]],
    [
      "the shell executor and capAdd",
      { executor: "shell", capAdd: ["SETUID", "CHOWN"] },
      ["CHOWN", "KILL", "SETGID", "SETUID"],
    ],
  ])("has no other capabilities than it needs: %s", async (_, args, capAdds) => {
    const container = await declareContainer(args);
    expect(container.capDrops).toEqual(["ALL"]);
    expect(container.capAdds).toEqual(capAdds);
  });

  it("has a read-only root and writable folders in memory, with the docker executor", async () => {
    const container = await declareContainer({});
    expect(container.readOnly).toBe(true);
    const writable = ["/run/gitlab-runner-pool", "/tmp", "/home/gitlab-runner"];
    expect(listInMemory(container)).toEqual(writable);
    const jobRegistries = { "registry.example.com": { username: "ci", password: "0123456789" } };
    const withLogins = await declareContainer({ jobRegistries });
    expect(listInMemory(withLogins)).toEqual([...writable, "/root/.docker"]);
  });

  it("leaves a folder to a mount of the user", async () => {
    const mounts = [{ type: "volume", source: "scratch", target: "/tmp" }] as const;
    const container = await declareContainer({ mounts });
    expect(container.mounts.filter(({ target }) => target === "/tmp")).toEqual([
      expect.objectContaining({ type: "volume" }),
    ]);
    expect(listInMemory(container)).toContain("/home/gitlab-runner");
  });

  it.each<[string, Partial<RunnerPoolArgs>]>([
    ["the shell executor", { executor: "shell" }],
    ["readOnlyRoot: false", { readOnlyRoot: false }],
  ])("has a writable root: %s", async (_, args) => {
    const container = await declareContainer(args);
    expect(container).not.toHaveProperty("readOnly");
    expect(listInMemory(container)).toEqual(["/run/gitlab-runner-pool"]);
  });

  it("has no Docker socket with the shell executor", async () => {
    const { mounts, env } = await declareContainer({ executor: "shell" });
    expect(mounts).toEqual([
      expect.objectContaining({ type: "tmpfs" }),
      expect.objectContaining({ type: "volume" }),
    ]);
    expect(JSON.stringify(env)).not.toContain("RUNNER_DOCKER_VOLUMES");
  });
});
