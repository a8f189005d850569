import { describe, expect, it } from "@jest/globals";
import { isObject } from "../../../contract/json";
import { nest, setAt } from "../../../contract/settings/nested";
import { CHANGE_STEPS } from "../../support/change-steps";
import { TLS_SETTINGS } from "../../support/client-certificates";
import { readCertificate } from "../../support/gitlab-certificates";
import { localSettings } from "../../support/pool-fixture";
import { makeChanges, type RunSurroundings } from "../../support/run-changes";
import { problemsOf } from "../stack/read";

const PLATFORM = {
  registry: "registry.example.com/ci",
  images: { base: "base:1", node: "node:1", job: "gitlab-runner-pool/job:1", helper: "helper:1" },
} as unknown as Parameters<typeof localSettings>[0];

const AROUND: RunSurroundings = {
  network: "other",
  gitlabUrl: "http://10.0.0.2:1",
  token: "glrt-another-token",
  registrationToken: "GR1348941aaaaaaaaaaaaaaaaaaaa",
  baseImage: "base:2",
  nodeImage: "node:2",
  subnet: "10.213.77.0/24",
  engineSocket: "unix:///tmp/engine.sock",
  engineWithTls: { "docker.host": "tcp://10.0.0.1:2376", ...TLS_SETTINGS },
  gitlabWithTls: {
    gitlabUrl: "https://10.0.0.2:2",
    caCertificate: readCertificate("ca.pem"),
    clientCertificate: readCertificate("client.pem"),
    clientKey: readCertificate("client.key"),
  },
};

/** Changes stack config as `pulumi config` does. */
function apply(config: Record<string, unknown>, changed: Readonly<Record<string, unknown>>) {
  for (const [path, value] of Object.entries(changed)) {
    for (const [leaf, text] of leaves(path.split("."), value)) setAt(config, leaf, text);
  }
}

function leaves(path: readonly string[], value: unknown): [readonly string[], unknown][] {
  return isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, item]) => leaves([...path, key], item))
    : [[path, value]];
}

describe("the steps of the end-to-end test of all changes", () => {
  it("have settings that the program accepts", async () => {
    const config: Record<string, unknown> = nest({
      ...localSettings(PLATFORM, "http://10.0.0.2:3"),
      token: "glrt-a-token-of-a-runner",
    });
    const stack = {
      stack: "dev",
      configure: (changed: Readonly<Record<string, unknown>>) => {
        apply(config, changed);
        return Promise.resolve();
      },
      rename: () => Promise.resolve(),
    };
    const problems: string[] = [];
    for (const step of CHANGE_STEPS) {
      const files = { ...step, changes: step.changes.filter((name) => name !== "image-file") };
      await makeChanges({ stack } as unknown as Parameters<typeof makeChanges>[0], files, AROUND);
      const texts = Object.entries(config).flatMap(([key, value]) =>
        value === undefined
          ? []
          : [[key, typeof value === "string" ? value : JSON.stringify(value)]],
      );
      problems.push(
        ...problemsOf({
          config: Object.fromEntries(texts) as Record<string, string>,
          env: { GITLAB_TOKEN: "glpat-a-token" },
        }).map((problem) => `${step.changes.join(", ")}: ${problem}`),
      );
    }
    expect(problems).toEqual([]);
  });
});
