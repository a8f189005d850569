import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parse } from "smol-toml";
import {
  listOtherRunners,
  readConfig,
  renderConfig,
  listTokens,
  withoutRunners,
  type RegisteredRunner,
} from "../../../../runner-image/src/gitlab-runner/config-toml";
import { nastyText, SETTINGS } from "../../../support/replica-settings";

const RUNNER: RegisteredRunner = {
  id: 7,
  token: "glrt-t1_0123456789",
  obtainedAtMs: Date.UTC(2026, 0, 1),
  expiresAt: null,
};

const settings = fc.record({
  runnerName: nastyText,
  slot: nastyText,
  jobImage: nastyText,
  docker: fc
    .record({
      volumes: fc.array(nastyText),
      allowedImages: fc.array(nastyText, { minLength: 1 }),
      helperImage: nastyText,
      networkMode: nastyText,
    })
    .map((given) => ({ ...SETTINGS.docker, ...given })),
  concurrent: fc.integer({ min: 1, max: 1_000 }),
});

/** Returns the only runner of a configuration. */
function runnerIn(text: string): Record<string, unknown> {
  const { runners } = parse(text) as { runners: Record<string, unknown>[] };
  expect(runners).toHaveLength(1);
  return runners[0] ?? {};
}

function render(more: Partial<typeof SETTINGS> = {}, runner = RUNNER, existing = ""): string {
  return renderConfig({ ...SETTINGS, ...more }, runner, 9_000, parse(existing));
}

describe("config.toml", () => {
  it("replaces a map of a mounted config.toml by a setting, except feature flags", () => {
    const mounted = `labels = { a = "mounted" }
[[runners]]
token = "${RUNNER.token}"
environment = ["A=mounted"]
feature_flags = { FF_NETWORK_PER_BUILD = true, FF_TIMESTAMPS = true }
docker = { tmpfs = { "/a" = "" }, sysctls = { "net.core.somaxconn" = "1" }, hostname = "ci" }
`;
    const config = render(
      {
        labels: { b: "set" },
        environment: { B: "set" },
        featureFlags: { FF_TIMESTAMPS: false },
        docker: { ...SETTINGS.docker, tmpfs: { "/b": "" } },
      },
      RUNNER,
      mounted,
    );
    expect(parse(config)).toMatchObject({ labels: { b: "set" } });
    expect(parse(config)).not.toHaveProperty("labels.a");
    expect(runnerIn(config)).toMatchObject({
      environment: ["B=set"],
      feature_flags: { FF_NETWORK_PER_BUILD: true, FF_TIMESTAMPS: false },
    });
    expect(runnerIn(config)["docker"]).toMatchObject({
      tmpfs: { "/b": "" },
      sysctls: { "net.core.somaxconn": "1" },
      hostname: "ci",
    });
    expect(runnerIn(config)).not.toHaveProperty(["docker", "tmpfs", "/a"]);
  });

  it("keeps every string, whatever characters are in it", () => {
    fc.assert(
      fc.property(settings, fc.string({ unit: "binary" }), (given, token) => {
        const runner = runnerIn(render(given, { ...RUNNER, token }));
        expect(runner).toMatchObject({ name: `${given.runnerName}${given.slot}`, token });
        expect(runner["docker"]).toEqual({
          image: given.jobImage,
          privileged: false,
          volumes: given.docker.volumes,
          pull_policy: "always",
          allowed_images: given.docker.allowedImages,
          helper_image: given.docker.helperImage,
          network_mode: given.docker.networkMode,
        });
      }),
    );
  });

  it("keeps the user's keys for this runner, and drops other runners", () => {
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

  it("keeps feature flags of the settings beside its own", () => {
    const featureFlags = { FF_TIMESTAMPS: false };
    expect(runnerIn(render({ featureFlags }))["feature_flags"]).toEqual({
      FF_TIMESTAMPS: false,
      FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: true,
    });
  });

  it("has the variables of both settings, and no expansion of the secret ones", () => {
    const environment = { A: "$B" };
    const secretEnvironment = { C: "pa$word" };
    const both = runnerIn(render({ environment, secretEnvironment }));
    expect(both["environment"]).toEqual(["A=$B", "C=pa$$word"]);
    expect(runnerIn(render({ secretEnvironment }))["environment"]).toEqual(["C=pa$$word"]);
    expect(both).not.toHaveProperty("secretEnvironment");
    expect(runnerIn(render())).not.toHaveProperty("environment");
  });

  it("polls every 3 s with at most 4 open requests, unless a setting says otherwise", () => {
    expect(parse(render())).toMatchObject({ check_interval: 3 });
    expect(runnerIn(render({ concurrent: 9 }))).toMatchObject({ request_concurrency: 4 });
    const set = render({ concurrent: 9, checkInterval: 20, requestConcurrency: 1 });
    expect(parse(set)).toMatchObject({ check_interval: 20 });
    expect(runnerIn(set)).toMatchObject({ request_concurrency: 1 });
  });

  it("connects to the engine in the settings, whatever the user's config.toml says about another", () => {
    const other = `[[runners]]\ntoken = "${RUNNER.token}"\n[runners.docker]\nhost = "tcp://a:1"\ntls_verify = true\ntls_cert_path = "/a"\n`;
    const renderDocker = (host: string | undefined, existing: string) =>
      runnerIn(
        renderConfig(
          { ...SETTINGS, docker: { ...SETTINGS.docker, ...(host !== undefined && { host }) } },
          RUNNER,
          9_000,
          parse(existing),
          { engineFolder: "/run/certificates" },
        ),
      )["docker"];

    for (const existing of ["", other]) {
      expect(renderDocker("tcp://b:2376", existing)).toMatchObject({
        host: "tcp://b:2376",
        tls_verify: true,
        tls_cert_path: "/run/certificates",
      });
      expect(renderDocker("unix:///b.sock", existing)).toMatchObject({
        host: "unix:///b.sock",
        tls_verify: false,
        tls_cert_path: "",
      });
    }
    expect(renderDocker(undefined, other)).toMatchObject({
      host: "tcp://a:1",
      tls_verify: true,
      tls_cert_path: "/a",
    });
    for (const key of ["host", "tls_verify", "tls_cert_path"]) {
      expect(renderDocker(undefined, "")).not.toHaveProperty(key);
    }
  });

  it("has no section for an executor that the replica does not use", () => {
    const { docker, ...others } = SETTINGS;
    const config = renderConfig({ ...others, executor: "shell" }, RUNNER, 9_000);

    expect(docker.volumes).toEqual(["/cache"]);
    expect(runnerIn(config)).toMatchObject({ executor: "shell", shell: "bash" });
    expect(runnerIn(config)).not.toHaveProperty("docker");
    expect(runnerIn(render())).not.toHaveProperty("shell");
  });

  it("keeps the user's shell and docker keys", () => {
    const earlier = `[[runners]]\ntoken = "${RUNNER.token}"\nshell = "sh"\n[runners.docker]\nmemory = "1g"\nimage = "old"`;
    const { docker, ...others } = SETTINGS;
    const shell = renderConfig({ ...others, executor: "shell" }, RUNNER, 9_000, parse(earlier));

    expect(runnerIn(shell)).toMatchObject({ shell: "sh" });
    expect(runnerIn(render({}, RUNNER, earlier))["docker"]).toMatchObject({
      memory: "1g",
      image: SETTINGS.jobImage,
      volumes: docker.volumes,
    });
  });

  it("makes gitlab-runner poll again a minute after rejections, not an hour", () => {
    expect(runnerIn(render())).toMatchObject({ unhealthy_interval: "60s" });
  });

  it("keeps everything else when its runners are removed", () => {
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

  it("is undefined if the text is not TOML", () => {
    expect(readConfig("a = = b")).toBeUndefined();
    expect(readConfig("")).toEqual({});
  });

  it("lists the tokens for one GitLab, and the runners of others", () => {
    const config = parse(
      '[[runners]]\nname = "mine"\nurl = "https://a/"\ntoken = "1"\n[[runners]]\nname = "other"\nurl = "https://b"\ntoken = "2"\n[[runners]]\nurl = "https://a"',
    );

    expect(listTokens(config, "https://a")).toEqual(["1"]);
    expect(listOtherRunners(config, "new", "1")).toEqual(["other", "(unnamed)"]);
  });

  it("recognizes a GitLab however its URL is written", () => {
    const config = parse(
      '[[runners]]\nurl = "https://[FD00:0::1]:443/gitlab/"\ntoken = "1"\n[[runners]]\nurl = "https://[fd00::1]"\ntoken = "2"\n[[runners]]\nurl = "none"\ntoken = "3"',
    );

    expect(listTokens(config, "https://[fd00::1]/gitlab")).toEqual(["1"]);
  });
});
