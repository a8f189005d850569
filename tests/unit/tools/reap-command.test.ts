import { describe, expect, it } from "@jest/globals";
import { formatRegistrationNote } from "../../../contract/registration-note";
import { systemIdOf } from "../../../contract/identity";
import { startGitlab, type Gitlab } from "../../../local/gitlab";
import { runReap } from "../../../tools/reap/command";
import { SERVICE, startFakeEngine } from "../../support/fake-engine";
import { memoryIo } from "../../support/memory-io";

/** All that GitLab tells the age of counts as silent: only who owns it protects it. */
const ARGS = [SERVICE, "--silence", "0s", "--yes"];

describe("npm run reap", () => {
  it("leaves the runner alone of a replica that registers while it looks", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    const runnerId = await registerAs(gitlab, 2);
    await using engine = await startFakeEngine(gitlab.url, async () => {
      const { events } = await gitlab.events({});
      const isListed = events.some(
        (event) => event.kind === "request" && event.endpoint === "GET /runners/all",
      );
      return isListed ? [1, 2] : [1];
    });

    expect(await reap(gitlab, engine.host)).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining("nothing is left behind"),
    });
    expect((await gitlab.runners({})).map(({ id }) => id)).toEqual([runnerId]);
  });

  it("leaves the runner alone of a replica that comes back before it is removed", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    const runnerId = await registerAs(gitlab, 2);
    await using engine = await startFakeEngine(gitlab.url, (look) => (look < 3 ? [1] : [1, 2]));

    expect(await reap(gitlab, engine.host)).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining(`kept: runner ${runnerId} of replica`),
    });
    expect((await gitlab.runners({})).map(({ id }) => id)).toEqual([runnerId]);
  });

  it("removes the runner of a replica that stays away", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    await registerAs(gitlab, 2);
    await using engine = await startFakeEngine(gitlab.url, () => [1]);

    expect(await reap(gitlab, engine.host)).toMatchObject({ exitCode: 0 });
    expect(await gitlab.runners({})).toEqual([]);
  });
});

async function reap(gitlab: Gitlab, dockerHost: string) {
  const { token } = await gitlab.createPersonalAccessToken({ scopes: ["api"] });
  const io = memoryIo({ GITLAB_TOKEN: token, DOCKER_HOST: dockerHost });
  const exitCode = await runReap(ARGS, io);
  return { exitCode, printed: io.printed() + io.complained() };
}

/** Registers a runner as the replica of a slot does; GitLab has not heard of it since. */
async function registerAs(gitlab: Gitlab, slot: number): Promise<number> {
  const { token } = await gitlab.registrationToken({});
  const systemId = systemIdOf({ pool: SERVICE, slot: String(slot), generation: "g" });
  const answer = await fetch(`${gitlab.url}/api/v4/runners`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      token,
      description: `gitlab-runner-${slot}`,
      maintenance_note: formatRegistrationNote(systemId),
    }),
  });
  return ((await answer.json()) as { readonly id: number }).id;
}
