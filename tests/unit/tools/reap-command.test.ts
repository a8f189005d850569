import { describe, expect, it } from "@jest/globals";
import { formatRegistrationNote } from "../../../contract/registration-note";
import { getSystemId } from "../../../contract/identity";
import { startGitlab, type Gitlab } from "../../../fake-gitlab";
import { runReap } from "../../../tools/reap/command";
import { SERVICE, SERVICE_ID, startFakeEngine } from "../../support/fake-engine";
import { memoryIo } from "../../support/memory-io";

/** Treats everything with a timestamp as silent, so only an owner protects it. */
const ARGS = [SERVICE, "--silence", "0s", "--yes"];

describe("npm run reap", () => {
  it("keeps the runner of a replica that registers during the run", async () => {
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
      printed: expect.stringContaining("nothing is stale"),
    });
    expect((await gitlab.runners({})).map(({ id }) => id)).toEqual([runnerId]);
  });

  it("keeps the runner of a replica that comes back before the removal", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    const runnerId = await registerAs(gitlab, 2);
    await using engine = await startFakeEngine(gitlab.url, (look) => (look < 3 ? [1] : [1, 2]));

    expect(await reap(gitlab, engine.host)).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining(`kept: runner ${runnerId} of replica`),
    });
    expect((await gitlab.runners({})).map(({ id }) => id)).toEqual([runnerId]);
  });

  it("removes the runner of a replica that does not come back", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    await registerAs(gitlab, 2);
    await using engine = await startFakeEngine(gitlab.url, () => [1]);

    expect(await reap(gitlab, engine.host)).toMatchObject({ exitCode: 0 });
    expect(await gitlab.runners({})).toEqual([]);
  });

  describe("with a token that cannot see everything", () => {
    const REGISTERS = { env: ["RUNNER_TOKEN_KIND=registration"] };

    it("does not report a clean state if GitLab shows nothing of the pool", async () => {
      await using gitlab = await startGitlab();
      await using engine = await startFakeEngine(gitlab.url, () => [1]);

      expect(await reap(gitlab, engine.host, SOMEBODY)).toEqual({
        exitCode: 2,
        printed: expect.stringMatching(/cannot tell whether anything is stale: .*administrator/),
      });
      expect((await reap(gitlab, engine.host)).printed).toContain("nothing is stale");
    });

    it("does not report a clean state if GitLab does not list the replicas' registered runners", async () => {
      await using gitlab = await startGitlab();
      const { id } = await gitlab.createRunner({});
      await using engine = await startFakeEngine(gitlab.url, () => [1], {
        ...REGISTERS,
        log: () => [["t1", online(id)]],
      });

      expect(await reap(gitlab, engine.host, SOMEBODY)).toMatchObject({
        exitCode: 2,
        printed: expect.stringContaining(`the runners that the replicas register, such as ${id}:`),
      });
    });

    it("does not report a clean state if GitLab denies access to the runner that a replica named", async () => {
      await using gitlab = await startGitlab();
      const { id: groupId } = await gitlab.createGroup({ path: "secret" });
      const { id } = await gitlab.createRunner({ type: "group_type", groupId });
      await using engine = await startFakeEngine(gitlab.url, () => [1], {
        log: () => [["t1", online(id)]],
      });

      expect(await reap(gitlab, engine.host, SOMEBODY)).toMatchObject({
        exitCode: 2,
        printed: expect.stringContaining(`no access to runner ${id} of this pool`),
      });
    });

    it("finds the stale managers of an instance runner that a replica named", async () => {
      await using gitlab = await startGitlab();
      const { id, token } = await gitlab.createRunner({});
      const system_id = getSystemId({ pool: SERVICE, node: "", slot: "2", place: "g" });
      await post(gitlab, "/runners/verify", { token, system_id });
      await using engine = await startFakeEngine(gitlab.url, () => [1], {
        log: () => [["t1", online(id)]],
      });

      const args = [SERVICE, "--silence", "0s"];
      expect(await reap(gitlab, engine.host, SOMEBODY, args)).toMatchObject({
        exitCode: 1,
        printed: expect.stringContaining(`stale: manager ${system_id} of runner ${id}`),
      });
    });
  });

  it("keeps the runner of another service with the same name, unless --service-id names it", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    const [mine, its] = [SERVICE_ID, "otherswarmotherswarmother"];
    await registerAs(gitlab, 2, `${SERVICE}/${mine}`);
    const runnerId = await registerAs(gitlab, 3, `${SERVICE}/${its}`);
    await using engine = await startFakeEngine(gitlab.url, () => [1]);

    expect(await reap(gitlab, engine.host)).toMatchObject({
      exitCode: 1,
      printed: expect.stringContaining(`if that service was removed, pass --service-id ${its}`),
    });
    expect((await gitlab.runners({})).map(({ id }) => id)).toEqual([runnerId]);
    expect(await reap(gitlab, engine.host, {}, [...ARGS, "--service-id", its])).toMatchObject({
      exitCode: 0,
    });
    expect(await gitlab.runners({})).toEqual([]);
  });

  it("sends a runner's token only to its own GitLab", async () => {
    await using gitlab = await startGitlab();
    const { id, token } = await gitlab.createRunner({});
    const system_id = getSystemId({ pool: SERVICE, node: "", slot: "2", place: "g" });
    await post(gitlab, "/runners/verify", { token, system_id });
    await using engine = await startFakeEngine(gitlab.url, () => [1]);
    const home = { RUNNER_CI_URL: "https://elsewhere.example.com", RUNNER_CI_TOKEN: token };
    const sent = async () =>
      (await gitlab.events({})).events.some(
        (event) => event.kind === "request" && event.endpoint === "DELETE /runners/managers",
      );

    expect(await reap(gitlab, engine.host, { env: home })).toMatchObject({
      exitCode: 2,
      printed: expect.stringContaining("skipped, GITLAB_TOKEN belongs to https://elsewhere"),
    });
    expect(await sent()).toBe(false);
    const own = { RUNNER_CI_URL: gitlab.url, RUNNER_CI_TOKEN: token };
    expect(await reap(gitlab, engine.host, { env: own })).toMatchObject({ exitCode: 0 });
    expect(await sent()).toBe(true);
    expect(await gitlab.managers({ runnerId: id })).toEqual([]);
  });

  it("keeps for two hours what may be silent because of long polling", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    await registerAs(gitlab, 2);
    const runner = [...gitlab.instance.runners.values()][0];
    if (runner !== undefined) {
      const createdAt = Date.now() - 90 * 60_000;
      gitlab.instance.runners.set(runner.id, { ...runner, createdAt });
    }
    await using engine = await startFakeEngine(gitlab.url, () => [1]);

    expect(await reap(gitlab, engine.host, {}, [SERVICE, "--yes"])).toMatchObject({
      exitCode: 1,
      printed: expect.stringContaining("until 2h without contact"),
    });
  });

  it("names a service with unreadable settings, and continues", async () => {
    await using gitlab = await startGitlab();
    const others = { foreign: ["RUNNER_SETTINGS=hunter2"] };
    await using engine = await startFakeEngine(gitlab.url, () => [1], { others });

    expect(await reap(gitlab, engine.host, {}, [])).toEqual({
      exitCode: 0,
      printed: `foreign: skipped, RUNNER_SETTINGS is not a JSON object with string values\n${SERVICE}:\n  nothing is stale\n`,
    });
  });
});

/** A user without any role. */
const SOMEBODY = { username: "somebody" };

interface Asker {
  /** @default an administrator */
  readonly username?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function reap(
  gitlab: Gitlab,
  dockerHost: string,
  { username, env }: Asker = {},
  args: readonly string[] = ARGS,
) {
  const user = username === undefined ? {} : { username };
  const { token } = await gitlab.createPersonalAccessToken({ ...user, scopes: ["api"] });
  const io = memoryIo({ GITLAB_TOKEN: token, DOCKER_HOST: dockerHost, PATH: "/nowhere", ...env });
  const exitCode = await runReap(args, io);
  return { exitCode, printed: io.printed() + io.complained().replace(/^--silence.*\n/, "") };
}

/** The log line with which the replica in slot 1 names its runner. */
function online(runnerId: number): string {
  const systemId = getSystemId({ pool: SERVICE, node: "", slot: "1", place: "g" });
  return `gitlab-runner-pool: online: accepts jobs as manager ${systemId} of runner ${runnerId}`;
}

async function post(gitlab: Gitlab, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${gitlab.url}/api/v4${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}

/** Registers a runner as the replica in a slot does. The runner has had no contact since. */
async function registerAs(gitlab: Gitlab, slot: number, pool?: string): Promise<number> {
  const { token } = await gitlab.registrationToken({});
  const systemId = getSystemId({ pool: SERVICE, node: "", slot: String(slot), place: "g" });
  const answer = await post(gitlab, "/runners", {
    token,
    description: `gitlab-runner-${slot}`,
    maintenance_note: formatRegistrationNote(systemId, pool),
  });
  return (answer as { readonly id: number }).id;
}
