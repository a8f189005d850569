import { afterEach, describe, expect, it, jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool } from "../../../../components/pool/runner-pool";
import { declare } from "../../../support/mocks";

afterEach(() => {
  delete process.env["DOCKER_HOST"];
  jest.restoreAllMocks();
});

describe("the comparison with the nodes", () => {
  it.each([
    [{ maxPerNode: 1 }, 1],
    // There is nothing to compare.
    [undefined, 0],
  ])("says in a preview without an engine that %j was not compared", async (placement, count) => {
    process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
    const info = jest.spyOn(pulumi.log, "info");
    await declare(
      () =>
        new RunnerPool("ci", {
          gitlabUrl: "https://gitlab.example.com/",
          token: "glrt-a-token-of-a-runner",
          image: "registry.example.com/ci/runner:1@sha256:abc",
          placement,
        }),
      { preview: true },
    );
    const said = info.mock.calls
      .map(([text]) => text)
      .filter((text) => text.includes("were not compared with the nodes"));
    expect(said).toHaveLength(count);
  });
});
