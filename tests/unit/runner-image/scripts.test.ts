import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";

const FOLDER = resolve(__dirname, "../../../runner-image");
const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");
const SCRIPTS = readdirSync(FOLDER).filter((name) => name.endsWith(".sh"));

describe("the shell scripts of the runner image", () => {
  it("include an entrypoint that fits on a screen and sources all others", () => {
    const lines = read("entrypoint.sh").trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(70);
    const sourced = lines.flatMap((line) => /^\. "\$lib\/(.+)"$/.exec(line)?.[1] ?? []);
    expect(["entrypoint.sh", ...sourced].sort()).toEqual(SCRIPTS);
  });

  it("are all sent to the engine and copied into the image", () => {
    const sent = read(".dockerignore").split("\n");
    const copied = /^COPY (entrypoint.*) \S+$/m.exec(read("Dockerfile"))?.[1]?.split(" ") ?? [];
    expect(SCRIPTS.filter((name) => !sent.includes(`!${name}`))).toEqual([]);
    expect(SCRIPTS.filter((name) => !copied.includes(name))).toEqual([]);
  });
});
