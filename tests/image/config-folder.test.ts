import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { makeCertificate } from "../support/certificate";
import { startJob, expectIntactLogs, tickingScript } from "../support/jobs";
import { createLegacy } from "../support/legacy-replicas";
import { createReplicaFixture } from "../support/replica-fixture";

const newFolder = () => mkdtempSync(join(tmpdir(), "etc-"));

/** Runs entrypoint.sh with the user's config.toml mounted as a file, which cannot be replaced. */
const mounted = (mode: "rw" | "ro") => {
  const mount = `f=$POOL_ETC/config.toml; mount --bind "$f" "$f" && mount -o remount,bind,${mode} "$f"`;
  return ["unshare", "--mount", "sh", "-c", `${mount} && exec sh "$0"`];
};

describe("the user's config.toml", () => {
  it.concurrent.each(["rw", "ro"] as const)(
    "applies where the replica sets no value, and is not written, if mounted as a file (%s)",
    async (mode) => {
      await using fixture = await createReplicaFixture();
      const etc = newFolder();
      const text = 'log_level = "debug"\nconcurrent = 99\n';
      writeFileSync(join(etc, "config.toml"), text);
      const replica = await fixture.replica({ etc, shell: mounted(mode) });
      await replica.waitForState("online");

      expect(replica.log()).toContain("Feeding runners to channel");
      expect(readFileSync(join(replica.folder, "run/config.toml"), "utf8")).toContain(
        "concurrent = 1\n",
      );
      replica.stop();
      expect((await replica.exit()).code).toBe(EXIT.ok);
      expect(readFileSync(join(etc, "config.toml"), "utf8")).toBe(text);
      expect(readdirSync(etc)).toEqual(["config.toml"]);
    },
  );

  it.concurrent("is ignored with a warning if Docker created it as a folder", async () => {
    await using fixture = await createReplicaFixture();
    const etc = newFolder();
    mkdirSync(join(etc, "config.toml"));
    const replica = await fixture.replica({ etc });
    await replica.waitForState("online");

    expect(await replica.waitForState("warning")).toBe(
      `ignoring ${etc}/config.toml: it is a folder`,
    );
  });

  it.concurrent(
    "can be in the folder of GitLab's certificate, which gitlab-runner trusts",
    async () => {
      using certificate = await makeCertificate();
      await using fixture = await createReplicaFixture({ tls: certificate });
      const etc = newFolder();
      mkdirSync(join(etc, "certs"));
      copyFileSync(certificate.file, join(etc, "certs/127.0.0.1.crt"));
      const replica = await fixture.replica({ etc });
      await replica.waitForState("online");
      replica.stop();

      expect((await replica.exit()).code).toBe(EXIT.ok);
      expect(await fixture.systemIds()).toEqual([]);
    },
  );
});

describe("replicas that share a configuration folder", () => {
  it.concurrent("keep running with an authentication token when one of them stops", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const etc = newFolder();
    const [leaving, staying] = await Promise.all([
      fixture.replica({ etc }),
      fixture.replica({ etc }),
    ]);
    await Promise.all([leaving.waitForState("online"), staying.waitForState("online")]);
    expect(await fixture.systemIds()).toHaveLength(2);
    const job = { script: tickingScript(5) };
    const ids = await Promise.all([startJob(gitlab, job), startJob(gitlab, job)]);
    leaving.stop();
    await leaving.waitForState("draining");
    const during = await gitlab.enqueueJob({ script: ["true"] });
    expect((await leaving.exit()).code).toBe(EXIT.ok);

    expect((await gitlab.waitForJob({ id: during.id, timeoutMs: 20_000 })).status).toBe("success");
    const after = await gitlab.enqueueJob({ script: ["true"] });
    expect((await gitlab.waitForJob({ id: after.id, timeoutMs: 20_000 })).status).toBe("success");
    await expectIntactLogs(
      gitlab,
      ids.map((id) => ({ id })),
      5,
      1_000,
    );
    expect(await fixture.systemIds()).toHaveLength(1);
    expect(readdirSync(etc)).toEqual([]);
  });

  it.concurrent(
    "each register and delete only their own runner with a registration token",
    async () => {
      await using legacy = await createLegacy();
      const etc = newFolder();
      const first = await legacy.start({ etc });
      await first.waitForState("online");
      const second = await legacy.start({ etc, env: { RUNNER_SLOT: "2" } });
      await second.waitForState("online");

      expect(first.states()).toEqual(["starting", "online"]);
      expect(await second.waitForState("warning")).toBe(
        `${etc} is used by another replica: this replica registers its own runner; if the replica is killed, delete that runner with \`npm run reap\``,
      );
      const [one, two] = legacy.registered();
      second.stop();
      expect((await second.exit()).code).toBe(EXIT.ok);
      expect(legacy.registered()).toEqual([one]);
      await first.killAll();
      const successor = await legacy.start({ etc });
      expect(await successor.waitForState("online")).toContain(` of runner ${one?.id ?? 0}`);
      expect(two?.id).not.toBe(one?.id);
      successor.stop();
      await successor.exit();
      expect(legacy.registered()).toEqual([]);
      expect(readdirSync(etc)).toEqual([]);
    },
  );

  it.concurrent(
    "do not delete, with an authentication token, the runner that a running replica registered",
    async () => {
      await using legacy = await createLegacy();
      const { token } = legacy.fixture;
      const etc = newFolder();
      const registered = await legacy.start({ etc });
      await registered.waitForState("online");
      const other = await legacy.start({ etc, env: { RUNNER_SLOT: "2", RUNNER_CI_TOKEN: token } });
      await other.waitForState("online");

      expect(legacy.registered()).toHaveLength(1);
      other.stop();
      expect((await other.exit()).code).toBe(EXIT.ok);
      expect(legacy.registered()).toHaveLength(1);
    },
  );
});
