import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { listContextFiles } from "../../../components/image/context-files";
import {
  dependencies,
  exports as entries,
  main,
  peerDependencies,
  types,
} from "../../../package.json";

const PROJECT = resolve(__dirname, "../../..");

/**
 * The image's build context, and .dockerignore. Without .dockerignore the image would get another
 * tag.
 */
const CONTEXT = [
  ...new Set([
    ".dockerignore",
    // `prepack` builds it, so a fresh clone does not have it.
    "dist/main.js",
    ...listContextFiles(join(PROJECT, "runner-image")),
  ]),
]
  .map((path) => `runner-image/${path}`)
  .sort();

/** A declaration file of the package, and every file it refers to. */
function reachable(declaration: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(declaration)) return seen;
  seen.add(declaration);
  const text = readFileSync(join(PROJECT, declaration), "utf8");
  for (const [, path = ""] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
    reachable(`${posix.join(posix.dirname(declaration), path)}.d.ts`, seen);
  }
  return seen;
}

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

describe("the npm package", () => {
  let files: readonly string[] = [];

  beforeAll(() => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: PROJECT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [packed] = JSON.parse(output) as readonly [Packed];
    files = packed.files.map(({ path }) => path).sort();
  });

  it("contains only the built library and the build context of the runner image", () => {
    const isDeclaration = (path: string) => path.endsWith(".d.ts");
    expect(files.filter((path) => !isDeclaration(path))).toEqual([
      "LICENSE",
      "README.md",
      "dist/components/index.js",
      "package.json",
      ...CONTEXT,
    ]);
    expect(files.filter(isDeclaration)).toEqual([...reachable(types)].sort());
  });

  it("contains the files that package.json names", () => {
    const named = [main, types, ...Object.values(entries["."]).map((path) => path.slice(2))];
    expect(named.filter((path) => !files.includes(path))).toEqual([]);
  });

  it("imports exactly the packages that it depends on", () => {
    const code = readFileSync(join(PROJECT, main), "utf8");
    const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const packages = new Set(
      required
        .filter((name) => !builtinModules.includes(name.replace(/^node:/, "")))
        .map((name) =>
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
        ),
    );
    expect([...packages].sort()).toEqual(Object.keys(dependencies));
    expect(code).toContain(`"${Object.keys(peerDependencies)[0] ?? ""}"`);
  });

  it("has types that refer only to its own files and dependencies", () => {
    const named = files
      .filter((path) => path.endsWith(".d.ts"))
      .flatMap((path) => [
        ...readFileSync(join(PROJECT, path), "utf8").matchAll(
          / from "((?:@[^"/]+\/)?[^"./][^"/]*)/g,
        ),
      ])
      .map(([, name = ""]) => name);
    expect(new Set(named).size).toBeGreaterThan(0);
    expect(named.filter((name) => !Object.keys(dependencies).includes(name))).toEqual([]);
  });
});
