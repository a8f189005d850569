import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parse } from "smol-toml";
import {
  othersIn,
  readConfig,
  renderConfig,
  tokensOf,
  withoutRunners,
  type RegisteredRunner,
} from "../../../runner-image/src/config-toml";
import type { ReplicaSettings } from "../../../runner-image/src/settings";
import { nastyText, SETTINGS } from "../../support/replica-settings";

const RUNNER: RegisteredRunner = {
  id: 7,
  token: "glrt-t1_0123456789",
  obtainedAt: Date.UTC(2026, 0, 1),
  expiresAt: null,
};

const settings = fc.record({
  runnerName: nastyText,
  slot: nastyText,
  jobImage: nastyText,
  dockerVolumes: fc.array(nastyText),
  dockerAllowedImages: fc.array(nastyText, { minLength: 1 }),
  dockerHelperImage: nastyText,
  dockerNetworkMode: nastyText,
  concurrent: fc.integer({ min: 1, max: 1_000 }),
});

/** The one runner of a configuration. */
function runnerIn(text: string): Record<string, unknown> {
  const { runners } = parse(text) as { runners: Record<string, unknown>[] };
  expect(runners).toHaveLength(1);
  return runners[0] ?? {};
}

function render(more: Partial<ReplicaSettings> = {}, runner = RUNNER, existing = ""): string {
  return renderConfig({ ...SETTINGS, ...more }, runner, 9_000, parse(existing));
}

describe("config.toml", () => {
  it("holds every text as it was given, whatever characters are in it", () => {
    fc.assert(
      fc.property(settings, fc.string({ unit: "binary" }), (given, token) => {
        const runner = runnerIn(render(given, { ...RUNNER, token }));
        expect(runner).toMatchObject({ name: `${given.runnerName}${given.slot}`, token });
        expect(runner["docker"]).toEqual({
          image: given.jobImage,
          privileged: false,
          volumes: given.dockerVolumes,
          pull_policy: "always",
          allowed_images: given.dockerAllowedImages,
          helper_image: given.dockerHelperImage,
          network_mode: given.dockerNetworkMode,
        });
      }),
    );
  });

  it("keeps what an earlier one held for this runner, and drops other runners", () => {
    fc.assert(
      fc.property(nastyText, fc.string({ unit: "grapheme-ascii" }), (text, key) => {
        const entry = { token: RUNNER.token, environment: [text], feature_flags: { [key]: true } };
        const earlier = { log_level: text, runners: [{ token: "other" }, entry] };
        const config = renderConfig(SETTINGS, RUNNER, 9_000, earlier);
        expect(parse(config)["log_level"]).toBe(text);
        expect(runnerIn(config)).toMatchObject({
          environment: [text],
          feature_flags: { [key]: true, FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: true },
        });
      }),
    );
  });

  it("never lets gitlab-runner reset the token that replicas share", () => {
    const earlier = `[[runners]]\ntoken = "${RUNNER.token}"\n[runners.feature_flags]\nFF_DISABLE_AUTOMATIC_TOKEN_ROTATION = false`;
    const expiring = { ...RUNNER, expiresAt: "2026-02-01T00:00:00Z" };

    expect(runnerIn(render({}, expiring, earlier))).toMatchObject({
      token_expires_at: new Date("2026-02-01T00:00:00Z"),
      feature_flags: { FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: true },
    });
  });

  it("lets gitlab-runner ask again a minute after refusals, not an hour", () => {
    expect(runnerIn(render())).toMatchObject({ unhealthy_interval: "60s" });
  });

  it("without runners is the same otherwise", () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 1, max: 1_000 }), (text, workers) => {
        const config = renderConfig(SETTINGS, RUNNER, 9_000, { log_level: text });
        const { runners, concurrent, ...rest } = parse(withoutRunners(config, workers));
        expect([runners, concurrent]).toEqual([[], workers]);
        expect({ ...rest, runners: parse(config)["runners"], concurrent: 1 }).toEqual(
          parse(config),
        );
      }),
    );
  });

  it("is read as none where it is no TOML", () => {
    expect(readConfig("a = = b")).toBeUndefined();
    expect(readConfig("")).toEqual({});
  });

  it("tells the tokens for one GitLab, and the runners that are not this replica's", () => {
    const config = parse(
      '[[runners]]\nname = "mine"\nurl = "https://a/"\ntoken = "1"\n[[runners]]\nname = "other"\nurl = "https://b"\ntoken = "2"\n[[runners]]\nurl = "https://a"',
    );

    expect(tokensOf(config, "https://a")).toEqual(["1"]);
    expect(othersIn(config, "new", "1")).toEqual(["other", "without a name"]);
  });
});
