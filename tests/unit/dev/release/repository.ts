import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import execa from "execa";

/** The text below the heading of the newest section. */
export const NOTES = "### Added\n\n- A change.\n\n### Fixed\n\n- An error.";

const FILES = {
  ".gitignore": ".local/\ndist/\n",
  "CHANGELOG.md": `# Changelog\n\n## 1.2.0 - 2026-11-29\n\n${NOTES}\n\n## 1.1.0 - 2026-01-02\n\n- Old.\n`,
  "build.js":
    'const fs = require("fs");\nfs.mkdirSync("dist", { recursive: true });\nfs.writeFileSync("dist/main.js", "");\n',
  "package.json": json({
    name: "sample",
    version: "1.2.0",
    private: true,
    files: ["dist"],
    scripts: { prepack: "node build.js" },
  }),
  "package-lock.json": json({
    name: "sample",
    version: "1.2.0",
    lockfileVersion: 3,
    packages: { "": { name: "sample", version: "1.2.0" } },
  }),
};

/** A temporary Git repository with a package whose version 1.2.0 can be released. */
export class Repository implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "release-test-"));

  constructor() {
    this.git("init", "--quiet", "--initial-branch=main");
    for (const [key, value] of [
      ["user.name", "Test"],
      ["user.email", "test@example.com"],
      ["commit.gpgSign", "false"],
      ["tag.gpgSign", "false"],
    ] as const) {
      this.git("config", key, value);
    }
    for (const [file, text] of Object.entries(FILES)) this.write(file, text);
    this.commit();
    this.git("tag", "v1.1.0");
  }

  git(...args: readonly string[]): string {
    return execa.sync("git", args, { cwd: this.folder }).stdout;
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "Change");
  }

  tags(): readonly string[] {
    return this.git("tag", "--list").split("\n");
  }

  /** The hash of every file by its path. Includes ignored files and those of git. */
  files(): Readonly<Record<string, string>> {
    const entries = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(
      entries.map((path) => [
        relative(this.folder, path),
        createHash("sha256").update(readFileSync(path)).digest("hex"),
      ]),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
