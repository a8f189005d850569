import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type AddressedGitlab,
  type AddressPools,
  createAddressPools,
} from "../support/address-pools";

let pools: AddressPools;
beforeAll(async () => {
  pools = await createAddressPools();
  await pools.stack.mustUp();
});
afterAll(async () => {
  await pools[Symbol.asyncDispose]();
});

/**
 * Runs a job that clones the repository and uploads a file of it, and then a job that downloads
 * that file.
 * @returns from where the first job cloned
 */
async function runJobs({ gitlab }: AddressedGitlab): Promise<string | undefined> {
  const run = { image: pools.platform.images.job, script: ["cat address.txt"] };
  const first = await gitlab.enqueueJob({
    ...run,
    // A plain Git server cannot serve a shallow clone.
    git: { sha: pools.sha, depth: 0 },
    script: [...run.script, "grep url .git/config"],
    artifacts: [{ paths: ["address.txt"] }],
  });
  const log = await readLog(gitlab, first.id);
  const next = await gitlab.enqueueJob({ ...run, needs: [first.id] });
  await readLog(gitlab, next.id);
  return /url = (\S+)/.exec(log)?.[1];
}

/** Waits for a job that prints the file of the repository. Returns its log. */
async function readLog(gitlab: AddressedGitlab["gitlab"], id: number): Promise<string> {
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 90_000 });
  const log = await gitlab.trace({ id });
  expect({ status, log }).toEqual({
    status: "success",
    log: expect.stringMatching(/^from the repository\r?$/m),
  });
  return log;
}

/** Lists the requests to GitLab with their statuses, each once. IDs are `N`. */
async function listRequests({ gitlab }: AddressedGitlab): Promise<readonly string[]> {
  const { events } = await gitlab.events({});
  const lines = events.flatMap((event) => {
    if (event.kind !== "request") return [];
    const [method = ""] = event.endpoint.split(" ");
    const path = event.url.replace(/\?.*$/, "").replace(/\/\d+/g, "/N");
    return [`${method} ${path} ${event.status ?? "-"}`];
  });
  return [...new Set(lines)].sort();
}

/** All requests from the first job on. @param root the relative URL root */
const expectedRequests = (root = ""): readonly string[] => [
  `DELETE ${root}/api/v4/runners/managers 204`,
  `GET ${root}/api/v4/jobs/N/artifacts 200`,
  `PATCH ${root}/api/v4/jobs/N/trace 202`,
  `POST ${root}/api/v4/jobs/N/artifacts 201`,
  `POST ${root}/api/v4/jobs/request 201`,
  `POST ${root}/api/v4/jobs/request 204`,
  `POST ${root}/api/v4/runners/verify 200`,
  `PUT ${root}/api/v4/jobs/N 200`,
];

describe("a pool registers, runs jobs that clone and exchange artifacts, and deregisters", () => {
  const origins: Partial<Record<"subPath" | "ipv6" | "withoutGit", string | undefined>> = {};
  beforeAll(async () => {
    const names = ["subPath", "ipv6", "withoutGit"] as const;
    await Promise.all(names.map(async (name) => (origins[name] = await runJobs(pools[name]))));
    await pools.stack.expectNoChangesAfterRefresh();
    await pools.stack.destroy();
  });

  it("with a GitLab below a path, on a port", async () => {
    const { subPath } = pools;
    expect(subPath.url).toMatch(/^http:\/\/[\d.]+:\d+\/gitlab$/);
    expect(origins.subPath).toBe(`${subPath.url}/ci/demo.git`);
    expect(await listRequests(subPath)).toEqual(expectedRequests("/gitlab"));
    expect(await subPath.gitlab.managers({})).toEqual([]);
  });

  it("with a GitLab on an IPv6 address, without a port", async () => {
    const { ipv6 } = pools;
    expect(ipv6.url).toMatch(/^http:\/\/\[fd[\da-f:]+::1\]$/);
    expect(origins.ipv6).toBe(`${ipv6.url}/ci/demo.git`);
    expect(await listRequests(ipv6)).toEqual(expectedRequests());
    expect(await ipv6.gitlab.managers({})).toEqual([]);
  });

  it("with a `cloneUrl` at another address than GitLab, below a path, on a port", async () => {
    const { withoutGit, mirror, cloneUrl } = pools;
    expect(cloneUrl).toMatch(/^http:\/\/[\d.]+:\d+\/git$/);
    expect(new URL(cloneUrl).hostname).not.toBe(new URL(withoutGit.url).hostname);
    expect(origins.withoutGit).toBe(`${cloneUrl}/ci/demo.git`);
    expect(mirror.requests).toContain("GET /git/ci/demo.git/info/refs");
    // Nothing but the repository was requested there, and everything else from GitLab.
    expect(mirror.requests.filter((line) => !line.startsWith("GET /git/ci/demo.git/"))).toEqual([]);
    expect(await listRequests(withoutGit)).toEqual(expectedRequests());
    expect(await withoutGit.gitlab.managers({})).toEqual([]);
  });
});
