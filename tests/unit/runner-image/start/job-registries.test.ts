import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { ReplicaSettings } from "../../../../runner-image/src/settings/settings";
import { provideJobRegistries } from "../../../../runner-image/src/start/job-registries";

const LOGINS = { "registry.example.com": { username: "ci", password: "correct-horse" } };

const settings = (jobRegistries: ReplicaSettings["jobRegistries"]): ReplicaSettings =>
  ({ jobRegistries }) as Partial<ReplicaSettings> as ReplicaSettings;

let folder = "";
let file = "";
let home = "";
let link = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "job-registries-"));
  file = join(folder, "run", "docker-auth.json");
  home = join(folder, "home");
  link = join(home, ".docker", "config.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const provide = (logins: ReplicaSettings["jobRegistries"] = LOGINS) =>
  provideJobRegistries(settings(logins), file, home);

describe("the logins of jobRegistries in a replica", () => {
  it("are in a private file in the run folder, to which gitlab-runner's docker config is a link", () => {
    expect(provide()).toBeUndefined();
    expect(readlinkSync(link)).toBe(file);
    expect(JSON.parse(readFileSync(link, "utf8"))).toEqual({
      auths: { "registry.example.com": { auth: "Y2k6Y29ycmVjdC1ob3JzZQ==" } },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("replace those of an earlier start, whose link stays", () => {
    expect(provide()).toBeUndefined();
    const next = { "other.example.com": { username: "ci", password: "next" } };
    expect(provide(next)).toBeUndefined();
    expect(Object.keys(JSON.parse(readFileSync(link, "utf8")) as object)).toEqual(["auths"]);
    expect(readFileSync(link, "utf8")).toContain("other.example.com");
  });

  it.each([".docker/config.json", ".dockercfg"])("do not replace the user's own ~/%s", (name) => {
    const own = join(home, name);
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, "{}");
    expect(provide()).toBe(
      `RUNNER_JOB_REGISTRIES cannot be used beside ${own}, which has logins too: move them to RUNNER_JOB_REGISTRIES and remove the file, or unset RUNNER_JOB_REGISTRIES`,
    );
    expect(readFileSync(own, "utf8")).toBe("{}");
  });

  it("do not replace a link of the user, even if its file does not exist", () => {
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync("/nowhere", link);
    expect(provide()).toContain(`cannot be used beside ${link}`);
    expect(readlinkSync(link)).toBe("/nowhere");
  });

  it("leave the user's own file alone if the setting is not set", () => {
    mkdirSync(dirname(link), { recursive: true });
    writeFileSync(link, "{}");
    expect(provideJobRegistries(settings(undefined), file, home)).toBeUndefined();
    expect(readFileSync(link, "utf8")).toBe("{}");
  });

  it("need a home in which the link can be created", () => {
    writeFileSync(home, "");
    expect(provide()).toMatch(
      /^RUNNER_JOB_REGISTRIES cannot be used, because .*config\.json cannot be created \(ENOTDIR\): make /,
    );
  });
});
