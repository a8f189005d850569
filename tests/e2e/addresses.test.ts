import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type AddressedGitlab,
  type AddressPools,
  createAddressPools,
} from "../support/address-pools";
import type { EnqueueJob } from "../../fake-gitlab";

/** A job's end. */
interface Ended {
  readonly id: number;
  readonly status: string;
  readonly log: string;
}

/** A job that cloned the repository and uploaded its file, and one that downloaded that file. */
interface Ran {
  readonly clone: Ended;
  readonly download: Ended;
}

let pools: AddressPools;
let ran: Readonly<Record<"subPath" | "ipv6" | "withoutGit", Ran>>;
let untrusted: Ended;
let files: readonly (readonly string[])[];

beforeAll(async () => {
  pools = await createAddressPools();
  const { stack, subPath, ipv6, withoutGit } = pools;
  await stack.mustUp();
  files = await Promise.all([stack.serviceName, `${stack.serviceName}-ipv6`].map(listFiles));
  const [one, two, three, other] = await Promise.all([
    runJobs(subPath),
    runJobs(ipv6),
    runJobs(withoutGit),
    // This pool does not trust the other address.
    runJob(subPath, { git: { url: `${pools.cloneUrl}/ci/demo.git`, sha: pools.sha, depth: 0 } }),
  ]);
  ran = { subPath: one, ipv6: two, withoutGit: three };
  untrusted = other;
  await stack.expectNoChangesAfterRefresh();
  await stack.destroy();
});
afterAll(async () => {
  await pools[Symbol.asyncDispose]();
});

/** Runs a job that prints the file of the repository. */
async function runJob({ gitlab }: AddressedGitlab, job: Partial<EnqueueJob>): Promise<Ended> {
  const image = pools.platform.images.job;
  const { id } = await gitlab.enqueueJob({ image, script: ["cat address.txt"], ...job });
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 90_000 });
  return { id, status, log: await gitlab.trace({ id }) };
}

async function runJobs(at: AddressedGitlab): Promise<Ran> {
  const clone = await runJob(at, {
    // A plain Git server cannot serve a shallow clone.
    git: { sha: pools.sha, depth: 0 },
    script: ["cat address.txt", "grep url .git/config"],
    artifacts: [{ paths: ["address.txt"] }],
  });
  return { clone, download: await runJob(at, { needs: [clone.id] }) };
}

/** Lists the files that the replicas of a service get from swarm configs. */
async function listFiles(service: string): Promise<readonly string[]> {
  const { Spec } = (await pools.docker.getService(service).inspect()) as {
    readonly Spec: {
      readonly TaskTemplate: {
        readonly ContainerSpec: {
          readonly Configs: readonly { readonly File: { readonly Name: string } }[];
        };
      };
    };
  };
  return Spec.TaskTemplate.ContainerSpec.Configs.map(({ File }) => File.Name);
}

/** Expects that both jobs succeeded, and from where the first one cloned. */
function expectJobs({ clone, download }: Ran, origin: string): void {
  const succeeded = { status: "success", log: expect.stringMatching(/^from the repository\r?$/m) };
  expect(clone).toMatchObject(succeeded);
  expect(download).toMatchObject(succeeded);
  expect(/url = (\S+)/.exec(clone.log)?.[1]).toBe(origin);
}

/** Expects all requests that GitLab received, and that no manager is left. */
async function expectRequests({ gitlab }: AddressedGitlab, root = ""): Promise<void> {
  const { events } = await gitlab.events({});
  const lines = events.flatMap((event) => {
    if (event.kind !== "request") return [];
    const [method = ""] = event.endpoint.split(" ");
    const path = event.url.replace(/\?.*$/, "").replace(/\/\d+/g, "/N");
    return [`${method} ${path} ${event.status ?? "-"}`];
  });
  expect([...new Set(lines)].sort()).toEqual([
    `DELETE ${root}/api/v4/runners/managers 204`,
    `GET ${root}/api/v4/jobs/N/artifacts 200`,
    `PATCH ${root}/api/v4/jobs/N/trace 202`,
    `POST ${root}/api/v4/jobs/N/artifacts 201`,
    `POST ${root}/api/v4/jobs/request 201`,
    `POST ${root}/api/v4/jobs/request 204`,
    `POST ${root}/api/v4/runners/verify 200`,
    `PUT ${root}/api/v4/jobs/N 200`,
  ]);
  expect(await gitlab.managers({})).toEqual([]);
}

describe("a pool registers, runs jobs that clone and exchange artifacts, and deregisters", () => {
  it("with a GitLab below a path, on a port", async () => {
    const { subPath } = pools;
    expect(subPath.url).toMatch(/^https:\/\/[\d.]+:\d+\/gitlab$/);
    expectJobs(ran.subPath, `${subPath.url}/ci/demo.git`);
    await expectRequests(subPath, "/gitlab");
  });

  it("with a GitLab on an IPv6 address, without a port", async () => {
    const { ipv6 } = pools;
    expect(ipv6.url).toMatch(/^https:\/\/\[fd[\da-f:]+::1\]$/);
    expectJobs(ran.ipv6, `${ipv6.url}/ci/demo.git`);
    await expectRequests(ipv6);
  });

  it("with a `cloneUrl` at another address than GitLab, below a path, on a port", async () => {
    const { withoutGit, mirror, cloneUrl } = pools;
    expect(cloneUrl).toMatch(/^https:\/\/[\d.]+:\d+\/git$/);
    expect(new URL(cloneUrl).hostname).not.toBe(new URL(withoutGit.url).hostname);
    expectJobs(ran.withoutGit, `${cloneUrl}/ci/demo.git`);
    // The other address only serves the repository, and GitLab everything else.
    expect(mirror.requests).toContain("GET /git/ci/demo.git/info/refs");
    expect(mirror.requests.filter((line) => !line.startsWith("GET /git/ci/demo.git/"))).toEqual([]);
    await expectRequests(withoutGit);
  });
});

describe("the CA of a GitLab", () => {
  it("is in a file that is named after the host, without the port", () => {
    const hosts = [pools.platform.hostAddress, new URL(pools.ipv6.url).hostname.slice(1, -1)];
    expect(files).toEqual(hosts.map((host) => [`/etc/gitlab-runner/certs/${host}.crt`]));
  });

  it("must be beside that of another address from which jobs clone", () => {
    expect(untrusted).toMatchObject({
      status: "failed",
      log: expect.stringContaining("server certificate verification failed"),
    });
  });
});
