import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Commands } from "../../../local/commands";
import { readSoakOptions } from "../../../local/soak";

describe("the options of `npm run soak`", () => {
  it("are a time in minutes and a seed", () => {
    expect(readSoakOptions({ minutes: "1.5", seed: "-3" })).toEqual({ minutes: 1.5, seed: -3 });
  });

  it.each([
    ["0", "1", '--minutes "0": a number of at least 1'],
    ["", "1", '--minutes "": a number of at least 1'],
    ["Infinity", "1", '--minutes "Infinity": a number of at least 1'],
    ["3", "1.5", '--seed "1.5": a whole number'],
    ["3", " ", '--seed " ": a whole number'],
    ["many", "x", '--minutes "many": a number of at least 1; --seed "x": a whole number'],
  ])("are refused as %p and %p, all that is wrong at once", (minutes, seed, message) => {
    expect(() => readSoakOptions({ minutes, seed })).toThrow(message);
  });
});

describe("a command that shows its own output", () => {
  const commands = (): Commands => new Commands(join(mkdtempSync(join(tmpdir(), "log-")), "log"));

  it.each([
    ["exits 3", "exit 3", 3],
    ["exits 0", "exit 0", 0],
    ["is ended by a signal", "kill -TERM $$", 143],
  ])("gives the code with which it %s", async (_, script, code) => {
    expect(await commands().show("sh", ["-c", script], "/")).toBe(code);
  });

  it("is told of signals, and may take its time to end", async () => {
    const all = commands();
    const script = "trap 'sleep 6; exit 5' TERM; while :; do sleep 0.05; done";
    const shown = all.show("sh", ["-c", script], "/");
    await new Promise((resolve) => setTimeout(resolve, 300));
    all.signal("SIGTERM");
    await all.settle();
    expect(await shown).toBe(5);
  });
});
