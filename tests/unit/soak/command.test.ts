import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Commands } from "../../../dev/commands";
import { readSoakOptions } from "../../../soak/command";

describe("the options of `npm run soak`", () => {
  it("parses the minutes, the seed and the executors", () => {
    expect(readSoakOptions({ minutes: "1.5", seed: "-3", executor: "shell, docker" })).toEqual({
      ...{ minutes: 1.5, seed: -3 },
      executors: ["docker", "shell"],
    });
    expect(readSoakOptions({ minutes: "3", seed: "1", executor: "shell" }).executors).toEqual([
      "shell",
    ]);
  });

  it.each([
    ["0", "1", "shell", '--minutes "0": must be a number, at least 1'],
    ["", "1", "shell", '--minutes "": must be a number, at least 1'],
    ["Infinity", "1", "shell", '--minutes "Infinity": must be a number, at least 1'],
    ["3", "1.5", "shell", '--seed "1.5": must be an integer'],
    ["3", " ", "shell", '--seed " ": must be an integer'],
    ["3", "1", "", '--executor "": must be docker, shell, or docker,shell'],
    ["3", "1", "podman", '--executor "podman": must be docker, shell, or docker,shell'],
    ["3", "1", "shell,shell", '--executor "shell,shell": must be docker, shell, or docker,shell'],
    [
      "many",
      "x",
      "docker",
      '--minutes "many": must be a number, at least 1; --seed "x": must be an integer',
    ],
  ])("rejects --minutes %p --seed %p --executor %p, naming every error", (...args) => {
    const [minutes, seed, executor, message] = args;
    expect(() => readSoakOptions({ minutes, seed, executor })).toThrow(message);
  });
});

describe("running a command that prints its own output", () => {
  const commands = (): Commands => new Commands(join(mkdtempSync(join(tmpdir(), "log-")), "log"));

  it.each([
    ["exits 3", "exit 3", 3],
    ["exits 0", "exit 0", 0],
    ["is killed by a signal", "kill -TERM $$", 143],
  ])("returns the exit code of a command that %s", async (_, script, code) => {
    expect(await commands().show("sh", ["-c", script], "/")).toBe(code);
  });

  it("forwards signals to the command and lets it take its time to end", async () => {
    const all = commands();
    const script = "trap 'sleep 6; exit 5' TERM; while :; do sleep 0.05; done";
    const shown = all.show("sh", ["-c", script], "/");
    await new Promise((resolve) => setTimeout(resolve, 300));
    all.signal("SIGTERM");
    await all.settle();
    expect(await shown).toBe(5);
  });
});
