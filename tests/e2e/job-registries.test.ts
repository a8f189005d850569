import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { removeJobObjects } from "../../dev/job-objects";
import type { EnqueueJob } from "../../fake-gitlab";
import { eventually } from "../support/eventually";
import {
  createImages,
  endJob,
  inspectContainers,
  readWaitingJob,
  type TestImages,
  WAIT,
} from "../support/job-containers";
import { startJob } from "../support/jobs";
import { type Login, type LoginRegistry, startLoginRegistry } from "../support/login-registry";
import { dockerPlaces, findInEngineFiles, findSecret } from "../support/places-of-secrets";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { replicaLines } from "../support/replica-lines";
import { listContainers } from "../support/swarm";

/** The password contains what YAML, JSON, a shell, a URL and TOML treat specially. */
const LOGIN = { username: "ci", password: `first: p@ss"w'ord/ $HOME \\n %20 ключ` };
const NEXT_LOGIN = { username: "ci", password: "second-password/0123456789" };
const JOB_LOGIN = { username: "job", password: "password-of-one-job" };

/** Tag of jobs for the pool without logins. */
const WITHOUT = ["without"];

/** A service that answers on its port. */
const SERVE = [
  "sh",
  "-c",
  "mkdir /www && echo hello > /www/index.html && httpd -f -p 8080 -h /www",
];

const FROM_POOL = "Authenticating with credentials from /root/.docker/config.json";
const FROM_JOB = "Authenticating with credentials from $DOCKER_AUTH_CONFIG";

let registry: LoginRegistry;
let images: TestImages;
let pool: PoolFixture;
let names: { readonly job: string; readonly service: string; readonly helper: string };
let since = 0;

beforeAll(async () => {
  registry = await startLoginRegistry({ logins: listLogins(LOGIN) });
  pool = await createPool({ settings: { replicas: 1, concurrent: 2, drainTimeout: "3m" } });
  const { docker, platform, gitlab, stack } = pool;
  images = createImages(docker, platform);
  const service = `gitlab-runner-pool/${stack.stack}:1`;
  await images.build(service, `FROM ${platform.images.job}\nEXPOSE 8080\n`);
  names = {
    job: await registry.push(docker, platform.images.job, "ci/job:1", LOGIN),
    service: await registry.push(docker, service, "ci/web:1", LOGIN),
    helper: await registry.push(docker, platform.images.helper, "ci/helper:1", LOGIN),
  };
  const without = await gitlab.createRunner({ tags: WITHOUT, runUntagged: false });
  await stack.configure({
    // Without a pull policy, so the default applies.
    docker: undefined,
    "docker.helperImage": names.helper,
    jobImage: names.job,
    jobRegistries: formatLogin(LOGIN),
    pools: { without: { token: without.token, jobRegistries: null } },
  });
  since = Date.now();
  await stack.mustUp();
}, 300_000);

afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  await removeJobObjects(pool.docker, pool.gitlabUrl);
  await removeImages();
  await images[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
}, 180_000);

/** Lists the registry's users. @param ofPool the login of the pools */
function listLogins(ofPool: Login): Readonly<Record<string, string>> {
  return { [ofPool.username]: ofPool.password, [JOB_LOGIN.username]: JOB_LOGIN.password };
}

function formatLogin(login: Login): string {
  return JSON.stringify({ [registry.address]: login });
}

/** A job's own docker config.json. */
function ownConfig({ username, password }: Login): EnqueueJob["variables"] {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const value = JSON.stringify({ auths: { [registry.address]: { auth } } });
  return [{ key: "DOCKER_AUTH_CONFIG", value, raw: true }];
}

/** Removes the images of jobs from the node, as far as it has them. */
async function removeImages(): Promise<void> {
  const present = await pool.docker.listImages();
  const tags = present.flatMap(({ RepoTags }) => RepoTags ?? []);
  for (const name of Object.values(names).filter((one) => tags.includes(one))) {
    await pool.docker.getImage(name).remove({ force: true });
  }
}

async function run(job: EnqueueJob) {
  const { gitlab } = pool;
  const { id } = await gitlab.enqueueJob(job);
  const { status, failureReason } = await gitlab.waitForJob({ id, timeoutMs: 60_000 });
  return { status, failureReason, trace: await gitlab.trace({ id }) };
}

describe("jobs whose images are in a registry that requires a login", () => {
  it("gets the images of the job, its service and the helper from there, again for every job, with the default pull policy", async () => {
    const job = {
      services: [{ name: names.service, alias: "web", command: SERVE }],
      script: ["wget -q -O - http://web:8080/"],
    };
    for (const attempt of ["first", "second"]) {
      await removeImages();
      const { status, trace } = await run({ ...job, name: attempt });
      expect({ status, trace }).toMatchObject({ status: "success" });
      expect(trace).toMatch(/^hello\r?$/m);
      for (const name of Object.values(names)) {
        const pull = [`policy of [always] for container ${name}`, FROM_POOL, `image ${name} ...`];
        expect(trace.replaceAll("\r", "")).toMatch(new RegExp(pull.map(escape).join(".*\n.*")));
      }
    }
  });

  it("keeps the password from jobs, and off the node's disk, the service, the log and the state", async () => {
    const { docker, stack } = pool;
    const { trace } = await run({ script: ["env", "find / -xdev -name '*docker*'"] });
    const places = new Map([...(await dockerPlaces(pool)), ["log of a job", trace]]);
    places.set("state", await stack.state());
    places.set("preview", await stack.diff());
    expect(findSecret(LOGIN.password, places)).toEqual([]);
    expect(await findInEngineFiles(docker, [LOGIN.password], since)).toEqual([]);
  });

  it("fails in GitLab without a login and names the registry, and the replica takes the next job", async () => {
    const rejected = await run({ tags: WITHOUT, script: ["true"] });
    expect(rejected).toMatchObject({
      status: "failed",
      failureReason: "runner_configuration_error",
    });
    expect(rejected.trace).toContain(`failed to pull image "${names.helper}"`);
    expect(rejected.trace).toMatch(/http:\/\/127\.0\.0\.1:\d+\/v2\/.*no basic auth credentials/);

    const next = await run({ tags: WITHOUT, script: ["true"], variables: ownConfig(JOB_LOGIN) });
    expect(next).toMatchObject({ status: "success" });
    expect(next.trace).toContain(FROM_JOB);
    expect(await listStates("without")).toEqual(["starting", "online"]);
  });

  it("switches to a new password without disturbing a running job, and a job's own login takes precedence over a wrong one", async () => {
    const { docker, gitlab, gitlabUrl, stack } = pool;
    const id = await startJob(gitlab, { script: WAIT });
    await readWaitingJob(gitlab, id);
    await registry.setLogins(listLogins(NEXT_LOGIN));

    const rejected = await run({ script: ["true"] });
    expect(rejected).toMatchObject({
      status: "failed",
      failureReason: "runner_configuration_error",
    });
    expect(rejected.trace).toMatch(/failed to pull image "127\.0\.0\.1:\d+\/.*: unauthorized/);
    const own = await run({ script: ["true"], variables: ownConfig(JOB_LOGIN) });
    expect(own).toMatchObject({ status: "success" });
    expect(own.trace).toContain(FROM_JOB);
    expect(own.trace).not.toContain(FROM_POOL);
    expect(await listStates()).toEqual(["starting", "online"]);

    const service = await readServiceId();
    const { exitCode, output } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      `${registry.address} rejects the login of user ${LOGIN.username} (unauthorized: authentication required), so nothing was changed: correct its username and password in \`jobRegistries\``,
    );
    await stack.configure({ jobRegistries: formatLogin(NEXT_LOGIN) });
    const [old] = await listContainers(docker, stack.serviceName);
    const lines = replicaLines(docker, old?.Id ?? "");
    const updated = stack.mustUp();
    await eventually(async () => (await lines()).some(({ state }) => state === "draining"), {
      what: "the replica with the old password to drain",
      timeoutMs: 90_000,
    });
    await endJob(docker, await inspectContainers(docker, gitlabUrl, id));
    expect(await gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({ status: "success" });
    await updated;
    expect(await run({ script: ["true"] })).toMatchObject({ status: "success" });
    expect(await readServiceId()).toBe(service);
  });
});

/** Lists what the replica of a pool has reported. @param name of an additional pool */
async function listStates(name?: string): Promise<readonly string[]> {
  const { docker, stack } = pool;
  const service = name === undefined ? stack.serviceName : `${stack.serviceName}-${name}`;
  const [replica] = await listContainers(docker, service);
  return (await replicaLines(docker, replica?.Id ?? "")()).map(({ state }) => state);
}

async function readServiceId(): Promise<string> {
  const { docker, stack } = pool;
  return ((await docker.getService(stack.serviceName).inspect()) as { readonly ID: string }).ID;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
