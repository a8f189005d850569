import { describe, expect, it } from "@jest/globals";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";

const SECONDS = 20;

describe("a longer drainTimeout together with fewer replicas", () => {
  it("is refused before anything changes; in two steps the removed replica has the new time", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, drainTimeout: "1s" },
    });
    const { stack, gitlab } = pool;
    await stack.mustUp();
    const systemIds = async () =>
      (await gitlab.managers({})).map(({ systemId }) => systemId).sort();
    const before = await systemIds();
    await stack.configure({ drainTimeout: "3m", replicas: 1 });
    for (const refused of [await stack.pulumi(["preview"]), await stack.up()]) {
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toContain("`drainTimeout` is raised from 1s to 3m");
      expect(refused.output).toContain("with `replicas` 2 first");
    }
    expect(await systemIds()).toEqual(before);

    await stack.configure({ replicas: 2 });
    expect((await stack.mustUp()).output).toContain("have 1s to finish their jobs");
    // The old ones go when the health check has seen the new ones.
    await managersSettle(pool, 2, 90_000);
    const jobs = await occupy(gitlab, 2, { script: tickingScript(SECONDS) });
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await expectWhole(gitlab, jobs, SECONDS, 120_000);
    await managersSettle(pool, 1, 10_000);
  });
});
