import { dirname, relative, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import execa from "execa";
import { pathsFor, ROOMS } from "../../../../dev/rooms/rooms";
import { lint } from "../lint";

const PROJECT = resolve(__dirname, "../../../..");
const NAMES = Object.keys(ROOMS);

const isFile = (path: string): boolean => /\.[a-z]+$/.test(path);

/** A file of the room: the room itself, or a file in its folder that need not exist. */
const fileIn = (room: string): string => {
  const [path = room] = ROOMS[room]?.paths ?? [room];
  return isFile(path) ? path : `${path}/some-file.ts`;
};

const importPath = (from: string, to: string): string => {
  const path = relative(dirname(from), to).replace(/\.ts$/, "");
  return path.startsWith(".") ? path : `./${path}`;
};

const importsOf = (room: string): readonly string[] => ROOMS[room]?.imports ?? [];

/**
 * @param texts the lines of each file
 * @returns the lines that the rule rejects, per file
 */
async function refusedLines(
  texts: Readonly<Record<string, readonly string[]>>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const joined = Object.entries(texts).map(([file, lines]) => [file, lines.join("\n")] as const);
  const refused = await lint("rooms/imports", Object.fromEntries(joined));
  const lines = Object.entries(refused).map(([file, found]) => [file, found.map((m) => m.line)]);
  return Object.fromEntries(lines) as Record<string, readonly number[]>;
}

describe("the import rule for rooms", () => {
  let refused: Readonly<Record<string, readonly number[]>>;

  beforeAll(async () => {
    refused = await refusedLines(
      Object.fromEntries(
        NAMES.map((room) => [
          fileIn(room),
          NAMES.map((other) => `export * from "${importPath(fileIn(room), fileIn(other))}";`),
        ]),
      ),
    );
  });

  it.each(NAMES)("lets %s import only the rooms that its row lists", (room) => {
    const allowed = new Set([room, ...importsOf(room)]);
    const others = NAMES.filter((name) => !allowed.has(name) && !allowed.has("any"));
    expect(refused[fileIn(room)]?.map((line) => NAMES[line - 1])).toEqual(others);
  });

  it("checks every form of an import", async () => {
    const forms = [
      'import { run } from "../tools/status/command";',
      'import type { Run } from "../tools/status/command";',
      'import "../tools/status/command";',
      'export { run } from "../tools/status/command";',
      'export * from "../tools/status/command";',
      'import status = require("../tools/status/command");',
      'export const later = import("../tools/status/command");',
      'export type Later = import("../tools/status/command").Run;',
      'export const required = require("../tools/status/command");',
      'export const path = require.resolve("../tools/status/command");',
    ];
    const file = "components/some-file.ts";
    expect(await refusedLines({ [file]: forms })).toEqual({
      [file]: forms.map((_, line) => line + 1),
    });
  });

  it("keeps Pulumi and Node.js out of the contract, and unlisted packages out of a replica", async () => {
    expect(
      await refusedLines({
        "contract/some-file.ts": [
          'import "node:crypto";',
          'import "node:fs";',
          'import "@pulumi/pulumi";',
          'import "zod/mini";',
        ],
        "runner-image/src/start/some-file.ts": [
          'import "node:fs/promises";',
          'import "@pulumi/pulumi";',
          'import "execa";',
          'import "smol-toml";',
        ],
        "dev/some-file.ts": ['import "execa";'],
      }),
    ).toEqual({
      "contract/some-file.ts": [2, 3, 4],
      "runner-image/src/start/some-file.ts": [2, 3],
      "dev/some-file.ts": [],
    });
  });

  it("rejects an import of a file that does not belong to a room", async () => {
    const lines = ['import "../jest.config";', 'import "../components/environment";'];
    expect(await refusedLines({ "stack/some-file.ts": lines })).toEqual({
      "stack/some-file.ts": [1],
    });
  });
});

describe("the table of rooms", () => {
  it("covers every source file except generated ones and the tools' configuration", async () => {
    const { stdout } = await execa("git", ["ls-files", "*.ts", "*.js", "*.mjs"], { cwd: PROJECT });
    const places = NAMES.flatMap((room) => ROOMS[room]?.paths ?? [room]);
    const homeless = stdout
      .split("\n")
      .filter((file) => !places.some((path) => file === path || file.startsWith(`${path}/`)))
      .filter((file) => !file.startsWith("sdks/") && !/^[a-z]+\.config\.m?js$/.test(file));
    expect(homeless).toEqual([]);
  });

  it("refers only to existing rooms", () => {
    const unknown = NAMES.flatMap(importsOf).filter((name) => ![...NAMES, "any"].includes(name));
    expect(unknown).toEqual([]);
  });

  it("has no import cycles", () => {
    const reach = (room: string, seen: ReadonlySet<string>): readonly string[] =>
      seen.has(room)
        ? [room]
        : importsOf(room).flatMap((next) => reach(next, new Set([...seen, room])));
    expect(NAMES.filter((room) => reach(room, new Set()).length > 0)).toEqual([]);
  });

  it("separates the product from what builds, fakes and tests it", () => {
    const scaffolding = ["any", "bench", "bin", "dev", "fake-gitlab", "soak", "tests/support"];
    const product = NAMES.filter((room) =>
      /^(contract|docker-engine|components|stack|tools|runner-image)/.test(room),
    );
    const imported = product.flatMap(importsOf);
    expect(imported.filter((room) => scaffolding.includes(room))).toEqual([]);
  });

  it("lists the folders and files that a copy of the program needs", () => {
    expect(pathsFor("stack", "bin")).toEqual([
      ...["bin", "components", "config-toml", "contract", "docker-engine", "gitlab-api"],
      ...["http", "index.ts", "stack"],
      "start.js",
    ]);
  });
});
