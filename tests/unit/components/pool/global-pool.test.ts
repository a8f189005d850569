import { afterEach, describe, expect, it } from "@jest/globals";
import type * as pulumi from "@pulumi/pulumi";
import { isKnown } from "../../../../components/known";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { startFakeEngine, type FakeEngine } from "../../../support/fake-engine";
import { declare, inputsOf, valueOf } from "../../../support/mocks";

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com/",
  token: "glrt-a-token-of-a-runner",
  image: "registry.example.com/ci/runner:1@sha256:abc",
  onlineTimeout: "0s",
  mode: "global",
};

/** Declares a global pool, and returns its service and the number of its replicas. */
async function declarePool(preview = false) {
  let replicas: pulumi.Output<number> | undefined;
  const declared = await declare(() => void (replicas = new RunnerPool("ci", ARGS).replicas), {
    preview,
  });
  if (replicas === undefined) throw new Error("the pool is missing");
  return { service: inputsOf(declared, "docker:index/service:Service::ci-service"), replicas };
}

function useEngine(engine: FakeEngine): void {
  process.env["DOCKER_HOST"] = engine.host;
}

afterEach(() => {
  delete process.env["DOCKER_HOST"];
});

describe("a global RunnerPool", () => {
  it("has a global service whose replicas know the name of their node", async () => {
    await using engine = await startFakeEngine("https://gitlab.example.com", () => []);
    useEngine(engine);
    const { service } = await declarePool();
    expect(service["mode"]).toEqual({ global: true });
    const text = JSON.stringify(service).replaceAll("\\", "");
    expect(text).toContain('"RUNNER_SLOT":"{{.Task.Slot}}"');
    expect(text).toContain('"RUNNER_NODE_NAME":"{{.Node.Hostname}}"');
  });

  it("has the number of its nodes as an output, in an update and in a preview", async () => {
    await using engine = await startFakeEngine("https://gitlab.example.com", () => [], {
      nodes: ["ready", "ready", "down"],
    });
    useEngine(engine);
    for (const preview of [false, true]) {
      expect(await valueOf((await declarePool(preview)).replicas)).toBe(2);
    }
  });

  it("previews without an engine, with an unknown number", async () => {
    process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
    const { replicas } = await declarePool(true);
    expect(await isKnown(replicas)).toBe(false);
  });
});
