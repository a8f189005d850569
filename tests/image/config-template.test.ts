import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { createReplicaFixture } from "../support/replica-fixture";

/** Passes the preview, because gitlab-runner's types do not show the format of a period. */
const REJECTED_BY_LINT = `[[runners]]
[[runners.monitoring.job_queuing_durations]]
periods = ["every other week"]
threshold = "30s"
`;

/** How much faster the minute before the exit passes. */
const FAST = 40;

describe("a replica with the setting `configTemplate`", () => {
  it.concurrent("runs with the template's keys in its config.toml", async () => {
    await using fixture = await createReplicaFixture();
    const template = `connection_max_age = "11m"
[[runners]]
job_status_final_update_retry_limit = 5
[[runners.monitoring.job_queuing_durations]]
periods = ["* * * * * * *"]
threshold = "30s"
`;
    const replica = await fixture.replica({ env: { RUNNER_CONFIG_TEMPLATE: template } });
    await replica.waitForState("online");

    const config = readFileSync(join(replica.folder, "run/config.toml"), "utf8");
    expect(config).toContain('connection_max_age = "11m"\n');
    expect(config).toContain("job_status_final_update_retry_limit = 5\n");
    expect(config).toContain('periods = [ "* * * * * * *" ]\n');
    expect(readdirSync(join(replica.folder, "run"))).not.toContain("lint.toml");
    replica.stop();
    expect((await replica.exit()).code).toBe(EXIT.ok);
  });

  it.concurrent.each([
    [
      "gitlab-runner rejects it",
      REJECTED_BY_LINT,
      /^gitlab-runner rejects the configuration with RUNNER_CONFIG_TEMPLATE: decoding config: .*job_queuing_durations.*periods/,
    ],
    [
      "gitlab-runner does not know a key",
      '[[runners]]\n[runners.docker]\nhostnam = "a"\n',
      /^gitlab-runner rejects the configuration with RUNNER_CONFIG_TEMPLATE: 1 unknown key\(s\) found in config\.toml: unknown key: runners\.docker\.hostnam$/,
    ],
    [
      "it has a key of the replica's own",
      "shutdown_timeout = 1",
      /^RUNNER_CONFIG_TEMPLATE line 1 sets shutdown_timeout, which the replica sets itself: remove it$/,
    ],
    [
      "it is not TOML",
      "concurrent",
      /^RUNNER_CONFIG_TEMPLATE line 1, column \d+, is not valid TOML: /,
    ],
    [
      "it is a path",
      "@runner.toml",
      /^RUNNER_CONFIG_TEMPLATE must be TOML: a replica does not read a file for it/,
    ],
  ])("exits before it registers if %s", async (_name, template, message) => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({
      env: { RUNNER_CONFIG_TEMPLATE: template, RUNNER_EXECUTOR: "docker" },
    });

    expect(await replica.waitForState("refused")).toMatch(message);
    expect(await fixture.systemIds()).toEqual([]);
    expect(readdirSync(join(replica.folder, "run"))).not.toContain("lint.toml");
    await replica.waitForState("warning");
    replica.stop();
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("exits with 78 a minute after gitlab-runner rejected it", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({
      env: { RUNNER_CONFIG_TEMPLATE: REJECTED_BY_LINT, RUNNER_EXECUTOR: "docker" },
      clock: FAST,
    });

    expect((await replica.exit()).code).toBe(EXIT.config);
    expect(replica.states()).toEqual(["refused", "warning"]);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("hides the token in gitlab-runner's words", async () => {
    await using fixture = await createReplicaFixture();
    const token = "glrt-A-secret-0123456789";
    const replica = await fixture.replica({
      env: {
        RUNNER_CI_TOKEN: token,
        RUNNER_CONFIG_TEMPLATE: `[[runners]]\nlabels = { "a ${token}" = "b" }\n`,
      },
    });

    expect(await replica.waitForState("refused")).toContain("a [secret]");
    expect(replica.log()).not.toContain(token);
    replica.stop();
    await replica.exit();
  });
});
