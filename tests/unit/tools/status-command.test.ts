import { describe, expect, it } from "@jest/globals";
import { startGitlab } from "../../../local/gitlab";
import { runStatus } from "../../../tools/status/command";
import { startFakeEngine } from "../../support/fake-engine";
import { memoryIo } from "../../support/memory-io";

describe("npm run status", () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["without a token", {}, "it takes an access token"],
    ["with a token that GitLab refuses", { GITLAB_TOKEN: "glpat-wrong" }, "401"],
  ])("shows what Docker tells %s, and ends with 2", async (_, env, reason) => {
    await using gitlab = await startGitlab();
    await using engine = await startFakeEngine(gitlab.url, () => [1]);
    const io = memoryIo({ ...env, DOCKER_HOST: engine.host });

    const exitCode = await runStatus([], io, new AbortController().signal);

    expect(io.printed()).toMatch(/^1 .* online /m);
    expect(io.printed()).toMatch(new RegExp(`^GitLab's side is missing: .*${reason}`, "m"));
    expect(exitCode).toBe(2);
  });
});
