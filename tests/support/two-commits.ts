import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { removeJobObjects } from "../../dev/job-objects";
import type { EnqueueJob } from "../../fake-gitlab";
import { GitServer } from "./git-server";
import type { PoolFixture } from "./pool-fixture";

/** Labels that gitlab-runner adds to the containers of a job. */
const JOB_ID = "com.gitlab.gitlab-runner.job.id";
const TYPE = "com.gitlab.gitlab-runner.type";

/**
 * A repository with two commits, `one` and `two`, and jobs that detect whether another job uses
 * their working tree. Each job leaves an uncommitted file and checks, several times a second, for
 * that file and for the text of its commit.
 */
export interface TwoCommits extends AsyncDisposable {
  /** A job that works in its tree until `endJob` ends it. */
  endless(commit: "one" | "two"): EnqueueJob;
  /** A job that does the same for a second. */
  short(commit: "one" | "two"): EnqueueJob;
}

export async function createTwoCommits({
  gitlabUrl,
  platform,
  docker,
}: PoolFixture): Promise<TwoCommits> {
  const git = await GitServer.start([]);
  const commits = { one: "", two: "" };
  for (const name of ["one", "two"] as const) {
    await writeFile(join(git.folder, "commit"), name);
    commits[name] = await git.commit(name, "main");
  }
  const job = (commit: "one" | "two", until: string): EnqueueJob => ({
    name: `commit ${commit}`,
    image: platform.images.job,
    services: [],
    git: { url: git.urlOn(platform.hostAddress), sha: commits[commit], depth: 0 },
    script: [
      "touch untracked",
      `n=0; until ${until}; do n=$((n + 1)); [ -e untracked ] && [ "$(cat commit)" = ${commit} ] || { echo "somebody else was here"; exit 1; }; sleep 0.2; done`,
    ],
  });
  return {
    endless: (commit) => job(commit, "[ -e /end ]"),
    short: (commit) => job(commit, "[ $n -ge 5 ]"),
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await removeJobObjects(docker, gitlabUrl);
    },
  };
}

/** Lists the running containers of a job by type: build, helper, service. */
export function jobContainers(docker: Docker, id: number): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({ filters: { label: [`${JOB_ID}=${id}`] } });
}

/** Ends an endless job, which then succeeds. */
export async function endJob(docker: Docker, id: number): Promise<void> {
  for (const { Id, Labels } of await jobContainers(docker, id)) {
    if (Labels[TYPE] !== "build") continue;
    const exec = await docker.getContainer(Id).exec({ Cmd: ["touch", "/end"] });
    await exec.start({ Detach: true });
  }
}
