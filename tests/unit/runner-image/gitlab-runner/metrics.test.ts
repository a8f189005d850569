import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { listAnswers } from "../../../../runner-image/src/gitlab-runner/metrics";

const LABELS = 'runner="t1",runner_name="pool1"';
const status = (endpoint: string, code: string, count: string) =>
  `gitlab_runner_api_request_statuses_total{endpoint="${endpoint}",${LABELS},status="${code}"} ${count}`;
const failure = (reason: string, mode: string, count: string) =>
  `gitlab_runner_failed_jobs_total{failure_reason="${reason}",mode="${mode}",${LABELS}} ${count}`;

/** Lists what metrics with these lines show. */
async function list(lines: readonly string[]): Promise<string> {
  const server = createServer((_, response) => response.end(`${lines.join("\n")}\n`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await listAnswers((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe("what the watch reads without bash", () => {
  it("is the status of each job request, a running job, and jobs that the runner failed", async () => {
    expect(
      await list([
        status("request_job", "204", "12"),
        status("request_job", "-1", "2"),
        status("update_job", "200", "7"),
        `gitlab_runner_jobs{${LABELS},state="running"} 1`,
        failure("runner_system_failure", "traditional", "2"),
        failure("runner_system_failure", "unknown", "1"),
        failure("script_failure", "traditional", "5"),
      ]),
    ).toBe("204 12\n-1 2\nbusy\nfailed 3\n");
  });

  it("is only job requests if no job runs or has failed because of the runner", async () => {
    expect(
      await list([
        status("request_job", "204", "12"),
        `gitlab_runner_jobs{${LABELS},state="running"} 0`,
        failure("script_failure", "traditional", "5"),
      ]),
    ).toBe("204 12\n");
  });
});
