import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlatformFacts } from "../../dev/facts";
import type { EnqueueJob } from "../../fake-gitlab";
import { removeFolder } from "./job-containers";

/** A line that a job wrote. */
export interface Line {
  readonly job: number;
  /** In epoch seconds. */
  readonly at: number;
}

/** A file on the node to which jobs append a line each second, as a deployment changes a server. */
export interface LineFile extends AsyncDisposable {
  /** Value of `docker.volumes`. */
  readonly volume: string;
  /** A job that writes lines until `end`, with a service and a network. GitLab retries it once. */
  readonly job: EnqueueJob;
  read(): Promise<readonly Line[]>;
  /** Ends all jobs, which then succeed. */
  end(): Promise<void>;
}

export async function createLineFile(platform: PlatformFacts): Promise<LineFile> {
  const folder = await mkdtemp(join(tmpdir(), "lines-"));
  const { job: image } = platform.images;
  return {
    volume: `${folder}:/lines`,
    job: {
      image,
      services: [{ name: image, alias: "service", command: ["sleep", "100000"] }],
      variables: [{ key: "FF_NETWORK_PER_BUILD", value: "true" }],
      script: [
        'until [ -e /lines/end ]; do echo "$CI_JOB_ID $(date +%s)" >> /lines/log; sleep 1; done',
      ],
      retry: { max: 1, when: ["stuck_or_timeout_failure"] },
    },
    async read() {
      const text = await readFile(join(folder, "log"), "utf8").catch(() => "");
      return [...text.matchAll(/^(\d+) (\d+)$/gm)].map(([, job, at]) => ({
        job: Number(job),
        at: Number(at),
      }));
    },
    end: () => writeFile(join(folder, "end"), ""),
    [Symbol.asyncDispose]: () => removeFolder(platform, folder),
  };
}
