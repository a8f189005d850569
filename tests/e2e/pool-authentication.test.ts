import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { createPool, managersSettle } from "../support/pool-fixture";

describe("a pool", () => {
  it("authenticates with a runner that it creates with a personal access token", async () => {
    await using pool = await createPool({
      withoutToken: true,
      settings: {
        runnerScope: "instance",
        tags: "docker,made-here",
        locked: true,
        maximumTimeout: "2h",
      },
    });
    const { stack, gitlab } = pool;
    const { token } = await gitlab.createPersonalAccessToken({
      admin: true,
      scopes: ["create_runner", "manage_runner"],
    });
    stack.env["GITLAB_TOKEN"] = token;

    const { output } = await stack.mustUp();
    const [runner, ...others] = await gitlab.runners({});
    expect(others).toEqual([]);
    expect(runner).toMatchObject({
      type: "instance_type",
      tags: ["docker", "made-here"],
      locked: true,
    });
    await managersSettle({ gitlab, runnerId: runner?.id ?? 0 }, 2, 1_000);
    expect(output).not.toContain(token);
    expect(await stack.state()).not.toContain(token);
    expect(JSON.stringify(await stack.outputs())).toContain(String(runner?.id));

    await stack.configure({ tags: "docker,other", maximumTimeout: undefined });
    const changed = await stack.mustUp();
    expect((await gitlab.runners({}))[0]).toMatchObject({
      id: runner?.id,
      tags: ["docker", "other"],
      maximumTimeout: 7200,
    });
    expect(changed.output).toContain(
      `runner ${runner?.id} still has a maximum job timeout of 2h in GitLab`,
    );
    await stack.expectNoChangesAfterRefresh();

    await stack.destroy();
    expect(await gitlab.runners({})).toEqual([]);
  });

  it("authenticates with a legacy registration token, and each replica registers its own runner", async () => {
    await using pool = await createPool({
      withoutToken: true,
      switches: { registrationAllowed: true },
      settings: { tags: "docker,legacy", runUntagged: false, locked: true },
    });
    const { stack, gitlab } = pool;
    const { token } = await gitlab.registrationToken({});
    await stack.configure({ token });
    await stack.mustUp();
    const runners = await gitlab.runners({});
    expect(runners).toHaveLength(2);
    for (const runner of runners) {
      expect(runner).toMatchObject({
        tags: ["docker", "legacy"],
        runUntagged: false,
        locked: true,
      });
      expect(runner.description).toMatch(/^gitlab-runner-/);
    }
    expect(new Set(runners.map(({ description }) => description)).size).toBe(2);

    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await eventually(async () => (await gitlab.runners({})).length === 1, {
      what: "one runner left",
      timeoutMs: 30_000,
    });
    await stack.destroy();
    expect(await gitlab.runners({})).toEqual([]);
  });

  it("authenticates with the five variables that a pipeline supplies", async () => {
    await using pool = await createPool({
      settings: { gitlabUrl: undefined, token: undefined, jobImage: undefined, replicas: 1 },
    });
    const { stack, gitlab, platform } = pool;
    stack.env = {
      RUNNER_CI_TOKEN: pool.token,
      RUNNER_CI_URL: pool.gitlabUrl,
      RUNNER_NAME: "from-the-pipeline-",
      RUNNER_IMAGE: platform.images.job,
      RUNNER_TAGS: "docker,linux",
    };
    const { output } = await stack.mustUp();
    expect(output).not.toContain(pool.token);
    expect(output).toContain("RUNNER_CI_TOKEN");
    expect(await stack.state()).not.toContain(pool.token);
    await managersSettle(pool, 1, 1_000);
    const { id } = await gitlab.enqueueJob({ script: ["echo default image"], tags: ["docker"] });
    expect((await gitlab.waitForJob({ id, timeoutMs: 60_000 })).status).toBe("success");
  });

  it("authenticates with a token that expires, and `pulumi up` reports when", async () => {
    await using pool = await createPool({
      switches: { runnerTokenLifeSeconds: 86_400 },
      settings: { replicas: 1 },
    });
    const [runner] = await pool.gitlab.runners({});
    const expiry = new Date(runner?.tokenExpiresAt ?? 0).toISOString();
    const { output } = await pool.stack.mustUp();
    expect(output).toContain(`the runner's token expires at ${expiry}`);
  });
});
