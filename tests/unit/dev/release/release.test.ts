import { existsSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { runCommand, type CommandSurroundings } from "../../../../dev/release/command";
import type { Run } from "../../../../dev/release/release";
import { NOTES, Repository } from "./repository";

const PROJECT = resolve(__dirname, "../../../..");
const TARBALL = ".local/release/sample-1.2.0.tgz";

interface Result {
  readonly exitCode: number;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** The commands of the checks, which do not run. */
  readonly checks: readonly string[];
}

/** Runs the command in a repository. Its checks are replaced and pass. */
async function run(
  { folder }: Pick<Repository, "folder">,
  args: readonly string[],
  change: Partial<CommandSurroundings> = {},
): Promise<Result> {
  const [lines, errors, checks]: [string[], string[], string[]] = [[], [], []];
  const exitCode = await runCommand(args, {
    project: folder,
    today: "2026-11-29",
    env: {},
    say: (line) => lines.push(line),
    complain: (line) => errors.push(line),
    runCheck: (command) => {
      checks.push(command.join(" "));
      return Promise.resolve();
    },
    run: quietly,
    ...change,
  });
  return { exitCode, lines, errors, checks };
}

const quietly: Run = async ([file, ...args], cwd) => {
  await execa(file, args, { cwd });
};

describe("npm run release -- --dry-run", () => {
  it("changes nothing and exits with 0 if there are no problems", async () => {
    using repository = new Repository();
    // A plain `git status` would now write the new time into git's index.
    utimesSync(join(repository.folder, "build.js"), 0, 0);
    const look = () => ({
      files: repository.files(),
      status: repository.git("--no-optional-locks", "status", "--porcelain"),
      tags: repository.tags(),
    });
    const before = look();
    const { exitCode, lines, checks } = await run(repository, ["--dry-run"]);
    expect(look()).toEqual(before);
    expect(checks).toEqual([]);
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toBe("No problems. Next: npm run release");
  });

  it("prints every step, the notes and the files of the package, including built ones", async () => {
    using repository = new Repository();
    const { lines } = await run(repository, ["--dry-run"]);
    const commit = repository.git("rev-parse", "HEAD");
    const text = lines.join("\n");
    expect(text).toContain("  1. npm run check (the dry run skips it)");
    expect(text).toContain("  2. npm test (the dry run skips it)");
    expect(text).toContain("  4. npm pack --pack-destination .local/release");
    expect(text).toContain(`--file .local/release/v1.2.0.md v1.2.0 ${commit}`);
    expect(text).toContain("Afterwards, you run: git push origin main v1.2.0");
    expect(text).toContain(NOTES.replace(/^(?=.)/gm, "  "));
    expect(text).not.toContain("Old.");
    expect(text).toContain(`Files in ${TARBALL}:\n  dist/main.js\n  package.json\n`);
  });

  it("prints all problems, exits with 1 and changes nothing", async () => {
    using repository = new Repository();
    repository.git("switch", "--quiet", "--create", "topic");
    repository.git("tag", "v1.2.0");
    repository.write("new.txt", "");
    const before = repository.files();
    const { exitCode, lines } = await run(repository, ["--dry-run"], { today: "2026-11-28" });
    expect(exitCode).toBe(1);
    expect(lines.filter((line) => line.startsWith("  - ")).slice(-4)).toEqual([
      expect.stringContaining("2026-11-29 is in the future"),
      expect.stringContaining("the tag v1.2.0 exists"),
      expect.stringContaining("the working tree is not clean: commit or remove the changes in new"),
      expect.stringContaining("HEAD is on the branch topic"),
    ]);
    expect(repository.files()).toEqual(before);
  });

  it("compares the versions in package.json and in both places of package-lock.json", async () => {
    using repository = new Repository();
    const [own, lock, root] = ["1.0.1", "1.0.2", "1.0.3"].map((version) => {
      return { name: "sample", version };
    });
    repository.write("package.json", JSON.stringify(own));
    repository.write("package-lock.json", JSON.stringify({ ...lock, packages: { "": root } }));
    repository.commit();
    const { lines } = await run(repository, ["--dry-run"]);
    expect(
      lines.flatMap((line) => /- (.*), but CHANGELOG\.md has 1\.2\.0/.exec(line)?.[1] ?? []),
    ).toEqual([
      "`version` in package.json is 1.0.1",
      "`version` in package-lock.json is 1.0.2",
      '`packages[""].version` in package-lock.json is 1.0.3',
    ]);
  });

  it("reports a package that cannot be built", async () => {
    using repository = new Repository();
    repository.write("build.js", 'throw new Error("broken build");\n');
    repository.commit();
    const { exitCode, lines } = await run(repository, ["--dry-run"]);
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/ {2}- `npm pack` fails: [^]*broken build/);
  });

  it("is what runs if npm has taken the option", async () => {
    using repository = new Repository();
    const before = repository.files();
    const { exitCode } = await run(repository, [], { env: { npm_config_dry_run: "true" } });
    expect(exitCode).toBe(0);
    expect(repository.files()).toEqual(before);
  });
});

describe("npm run release", () => {
  it("runs the checks, creates the package and tags the commit with the notes", async () => {
    using repository = new Repository();
    const commit = repository.git("rev-parse", "HEAD");
    const { exitCode, lines, checks } = await run(repository, []);
    expect({ exitCode, checks }).toEqual({ exitCode: 0, checks: ["npm run check", "npm test"] });
    expect(repository.git("cat-file", "-t", "v1.2.0")).toBe("tag");
    expect(repository.git("rev-parse", "v1.2.0^{commit}")).toBe(commit);
    expect(repository.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.2.0").trim()).toBe(
      `1.2.0 - 2026-11-29\n\n${NOTES}`,
    );
    const { stdout } = await execa("tar", ["-tzf", TARBALL], { cwd: repository.folder });
    expect(stdout.split("\n").sort()).toEqual(["package/dist/main.js", "package/package.json"]);
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(lines.at(-1)).toBe("Next: git push origin main v1.2.0");
    expect(lines.at(-2)).toContain(`attach ${TARBALL} to the release by hand`);
  });

  it("stops before the first step if there is a problem", async () => {
    using repository = new Repository();
    repository.git("tag", "v2.0.0");
    const before = repository.files();
    const { exitCode, lines, checks } = await run(repository, []);
    expect({ exitCode, checks }).toEqual({ exitCode: 1, checks: [] });
    expect(lines.join("\n")).toContain("1.2.0 is not newer than the tag v2.0.0");
    expect(repository.files()).toEqual(before);
  });

  it("creates nothing if a check fails", async () => {
    using repository = new Repository();
    const before = repository.files();
    const { exitCode, lines } = await run(repository, [], {
      runCheck: (command) =>
        command.includes("test") ? Promise.reject(new Error("a test failed")) : Promise.resolve(),
    });
    expect(exitCode).toBe(1);
    expect(lines.slice(-5)).toEqual([
      "a test failed",
      "Completed before:",
      "  npm run check",
      "Nothing was created, so there is nothing to undo.",
      "Next: solve the problem, then npm run release",
    ]);
    expect(repository.files()).toEqual(before);
  });

  it("says how to undo the completed steps if a later one fails", async () => {
    using repository = new Repository();
    const { exitCode, lines } = await run(repository, [], {
      run: (command, folder) =>
        command[0] === "git" ? Promise.reject(new Error("no tag")) : quietly(command, folder),
    });
    expect(exitCode).toBe(1);
    const start = lines.indexOf("no tag");
    expect(lines.slice(start)).toEqual([
      "no tag",
      "Completed before:",
      "  npm run check",
      "  npm test",
      "  write the notes to .local/release/v1.2.0.md",
      "  npm pack --pack-destination .local/release",
      "To undo, run:",
      `  rm ${TARBALL}`,
      "  rm .local/release/v1.2.0.md",
      "Next: solve the problem, then npm run release",
    ]);
    expect(existsSync(join(repository.folder, TARBALL))).toBe(true);
    for (const line of lines.slice(start + 7, start + 9)) {
      await execa("sh", ["-euc", line], { cwd: repository.folder });
    }
    expect(Object.keys(repository.files()).filter((file) => file.startsWith(".local/"))).toEqual(
      [],
    );
  });

  it.each(["a file", "a commit"])(
    "creates nothing if %s appears during the tests",
    async (what) => {
      using repository = new Repository();
      const { exitCode, lines } = await run(repository, [], {
        runCheck: () => {
          repository.write("new.txt", what);
          if (what === "a commit" && repository.git("status", "--porcelain") !== "") {
            repository.commit();
          }
          return Promise.resolve();
        },
      });
      expect(exitCode).toBe(1);
      expect(lines.join("\n")).toContain("the checkout changed during the release");
      expect(repository.tags()).toEqual(["v1.1.0"]);
      expect(existsSync(join(repository.folder, ".local"))).toBe(false);
    },
  );
});

describe("the command line of npm run release", () => {
  it.each([[["--dry"]], [["--dry-run", "1.2.0"]]])("exits with 2 for %j", async (args) => {
    using repository = new Repository();
    const before = repository.files();
    const { exitCode, errors } = await run(repository, args);
    expect(exitCode).toBe(2);
    expect(errors.join("\n")).toMatch(/unknown option '--dry'|too many arguments/);
    expect(repository.files()).toEqual(before);
  });

  it("passes its exit code on", async () => {
    const started = await execa("sh", ["bin/run.sh", "dev/release/main.ts", "--unknown"], {
      ...{ cwd: PROJECT, reject: false },
    });
    expect(started.exitCode).toBe(2);
    expect(started.stderr).toContain("unknown option '--unknown'");
  });

  it("prints its help", async () => {
    const { exitCode, lines } = await run({ folder: "/nowhere" }, ["--help"]);
    expect(exitCode).toBe(0);
    expect(lines.join("\n")).toMatch(/^Usage: npm run release -- \[options\][^]*--dry-run/);
  });

  it("exits with 1 and a message outside of a checkout", async () => {
    const { exitCode, errors } = await run({ folder: "/nowhere" }, ["--dry-run"]);
    expect(exitCode).toBe(1);
    expect(errors.join("\n")).toMatch(/\/nowhere/);
  });
});
