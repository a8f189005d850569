import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../fake-gitlab";
import { createReplicaFixture } from "../support/replica-fixture";

const VERIFY = "POST /runners/verify";

/** How much faster the entrypoint's minute passes. */
const FAST = 40;

/** Responses that a user must act on. */
const LASTING: readonly (readonly [string, FaultAction, string])[] = [
  ["400", { kind: "status", status: 400, body: { error: "token is missing" } }, "token is missing"],
  ["401", { kind: "status", status: 401 }, "401 Unauthorized"],
  ["403", { kind: "status", status: 403 }, "403 Forbidden"],
  ["410", { kind: "status", status: 410 }, "410 Gone"],
  ["422", { kind: "status", status: 422 }, "422 Unprocessable Entity"],
  [
    "a permanent redirect",
    { kind: "redirect", location: "https://git.example.com/", status: 301 },
    "301 redirects to https://git.example.com: set RUNNER_CI_URL to GitLab's own address",
  ],
];

describe("a starting replica", () => {
  it.concurrent.each(LASTING)(
    "logs the reason and exits after a minute if GitLab answers %s",
    async (_, action, why) => {
      await using fixture = await createReplicaFixture();
      await fixture.gitlab.addFault({ endpoint: VERIFY, action });
      const began = Date.now();
      const replica = await fixture.replica({ clock: FAST });
      const exit = await replica.exit();

      expect(exit.code).toBe(EXIT.refused);
      expect(exit.at - began).toBeGreaterThanOrEqual(60_000 / FAST);
      expect(replica.lines().slice(1)).toEqual([
        { state: "refused", message: `GitLab rejected this replica: ${why}` },
        expect.objectContaining({ state: "warning" }),
      ]);
      expect(await fixture.requests(VERIFY)).toHaveLength(1);
    },
  );

  it.concurrent("logs all wrong settings, sends no request and exits after a minute", async () => {
    await using fixture = await createReplicaFixture();
    const env = { RUNNER_CONCURRENT: "0", RUNNER_EXECUTOR: "ssh" };
    const began = Date.now();
    const replica = await fixture.replica({ env, clock: FAST });
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.config);
    expect(exit.at - began).toBeGreaterThanOrEqual(60_000 / FAST);
    const message = await replica.waitForState("refused");
    expect(message).toContain("RUNNER_CONCURRENT");
    expect(message).toContain("RUNNER_EXECUTOR");
    expect(
      (await fixture.gitlab.events({})).events.filter(({ kind }) => kind === "request"),
    ).toEqual([]);
  });
});
