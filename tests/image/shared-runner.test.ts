import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { parseOnlineMessage } from "../../contract/online-message";
import { createReplicaFixture } from "../support/replica-fixture";

/** Of the token that expires (s); gitlab-runner by itself would reset it after three quarters. */
const LIFE = 10;

describe("the runner that replicas share", () => {
  it.concurrent(
    "outlives a replica, also where an instance's prefix hides what its token is",
    async () => {
      await using fixture = await createReplicaFixture({ switches: { tokenPrefix: "acme-" } });
      expect(fixture.token).toMatch(/^acme-glrt-/);
      const [leaving, staying] = await Promise.all([fixture.replica(), fixture.replica()]);
      await Promise.all([leaving.says("online"), staying.says("online")]);
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
    "keeps its token when it is about to expire, and each replica says when",
    async () => {
      await using fixture = await createReplicaFixture({
        switches: { runnerTokenLifeSeconds: LIFE },
      });
      const { gitlab } = fixture;
      const [{ tokenExpiresAt } = { tokenExpiresAt: null }] = await gitlab.runners({});
      const expiry = tokenExpiresAt ?? 0;
      const replicas = await Promise.all([fixture.replica(), fixture.replica()]);
      for (const replica of replicas) {
        const said = parseOnlineMessage(await replica.says("online"))?.tokenExpiresAt ?? "";
        expect(Date.parse(said)).toBe(expiry);
      }

      // By then gitlab-runner would have reset it: nine tenths of the time that was left are over.
      await gitlab.waitForEvent((event) => event.at > expiry - (LIFE * 1_000) / 10, {
        what: "a job request shortly before the token expires",
        timeoutMs: LIFE * 1_000,
      });
      expect(await fixture.requests("POST /runners/reset_authentication_token")).toEqual([]);
    },
  );
});
