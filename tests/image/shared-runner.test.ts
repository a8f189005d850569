import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { parseOnlineMessage } from "../../contract/online-message";
import { createReplicaFixture } from "../support/replica-fixture";

/** How long the token is valid. gitlab-runner would reset it after three quarters of that. */
const LIFE_SECONDS = 10;

describe("the runner that replicas share", () => {
  it.concurrent(
    "outlives a replica, even if an instance's prefix hides the token's type",
    async () => {
      await using fixture = await createReplicaFixture({ switches: { tokenPrefix: "acme-" } });
      expect(fixture.token).toMatch(/^acme-glrt-/);
      const [leaving, staying] = await Promise.all([fixture.replica(), fixture.replica()]);
      await Promise.all([leaving.waitForState("online"), staying.waitForState("online")]);
      leaving.stop();

      expect((await leaving.exit()).code).toBe(EXIT.ok);
      expect(await fixture.requests("DELETE /runners")).toEqual([]);
      expect(await fixture.systemIds()).toHaveLength(1);
      const { id } = await fixture.gitlab.enqueueJob({ script: ["true"] });
      const job = await fixture.gitlab.waitForJob({ id, timeoutMs: 20_000 });
      expect(job).toMatchObject({ status: "success", runnerId: fixture.runnerId });
    },
  );

  it.concurrent(
    "keeps a token that is about to expire, and each replica logs when it expires",
    async () => {
      await using fixture = await createReplicaFixture({
        switches: { runnerTokenLifeSeconds: LIFE_SECONDS },
      });
      const { gitlab } = fixture;
      const [{ tokenExpiresAt } = { tokenExpiresAt: null }] = await gitlab.runners({});
      const expiry = tokenExpiresAt ?? 0;
      const replicas = await Promise.all([fixture.replica(), fixture.replica()]);
      for (const replica of replicas) {
        const expiresAt =
          parseOnlineMessage(await replica.waitForState("online"))?.tokenExpiresAt ?? "";
        expect(Date.parse(expiresAt)).toBe(expiry);
      }

      // gitlab-runner would have reset it before: nine tenths of the remaining time have passed.
      await gitlab.waitForEvent((event) => event.at > expiry - (LIFE_SECONDS * 1_000) / 10, {
        what: "a job request shortly before the token expires",
        timeoutMs: LIFE_SECONDS * 1_000,
      });
      expect(await fixture.requests("POST /runners/reset_authentication_token")).toEqual([]);
    },
  );
});
