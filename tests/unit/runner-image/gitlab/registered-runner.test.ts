import { describe, expect, it } from "@jest/globals";
import type { ApiResult } from "../../../../runner-image/src/gitlab/client";
import { register, verify, type Registration } from "../../../../runner-image/src/start/register";
import { SETTINGS } from "../../../support/replica-settings";

const TOKEN = "glrt-0123456789";
const RUNNER = { id: 12, token: TOKEN, token_expires_at: null };

/** What a proxy, or something that looks like GitLab, may send with a success status. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ["nothing", undefined],
  ["null", null],
  ["a number", 5],
  ["a string", ""],
  ["a list", []],
  ["an empty object", {}],
  ["no token", { ...RUNNER, token: undefined }],
  ["an empty token", { ...RUNNER, token: "" }],
  ["a token with a line feed", { ...RUNNER, token: "glrt-01234\n56789" }],
  ["no ID", { ...RUNNER, id: undefined }],
  ["the ID 0", { ...RUNNER, id: 0 }],
  ["a negative ID", { ...RUNNER, id: -1 }],
  ["half an ID", { ...RUNNER, id: 1.5 }],
  ["an ID in a string", { ...RUNNER, id: "12" }],
  ["an ID out of range", { ...RUNNER, id: 2 ** 53 }],
  ["an infinite ID", JSON.parse('{"id":1e400,"token":"glrt-0123456789"}')],
  ["an expiry that is not a date", { ...RUNNER, token_expires_at: "soon" }],
  ["an expiry that is a number", { ...RUNNER, token_expires_at: 1_800_000_000 }],
  ["an expiry in month 13", { ...RUNNER, token_expires_at: "2026-13-01T00:00:00Z" }],
  ["an expiry in the year 12026", { ...RUNNER, token_expires_at: "+012026-01-01T00:00:00Z" }],
];

/** Registers with a GitLab that always answers `first`, and stops at the first log line. */
async function ask(
  kind: "verify" | "register",
  first: ApiResult,
): Promise<{ readonly registration: Registration; readonly said: readonly string[] }> {
  const said: string[] = [];
  const stopped = new AbortController();
  const context = {
    gitlab: () => Promise.resolve(first),
    settings: SETTINGS,
    systemId: "r_0123456789ab",
    report: (state: string, message: string) => {
      said.push(`${state}: ${message}`);
      stopped.abort();
    },
    signal: stopped.signal,
    cutOff: new AbortController().signal,
  };
  const registration =
    kind === "verify" ? await verify(context, TOKEN, false) : await register(context);
  return { registration, said };
}

const success = (status: number, body: unknown): ApiResult => ({
  kind: "status",
  status,
  body,
  message: `${status}`,
  retryAfterMs: undefined,
});

describe("GitLab's response to a token", () => {
  it.each(WRONG)("does not count if it contains %s", async (_, body) => {
    const verified = await ask("verify", success(200, body));
    const registered = await ask("register", success(201, body));

    expect(verified.registration).toEqual({
      kind: "stopped",
      asked: { for: "manager", token: TOKEN },
    });
    expect(verified.said[0]).toContain("the 200 response describes no runner; retrying in ");
    expect(registered.registration).toEqual({ kind: "stopped", asked: { for: "runner" } });
  });

  it.each([undefined, null, "2026-12-01T00:00:00.000Z", "2026-12-01T01:00:00+01:00"])(
    "is accepted with the expiry %j",
    async (expiry) => {
      const body = { ...RUNNER, token_expires_at: expiry };
      const { registration } = await ask("verify", success(200, body));

      expect(registration).toMatchObject({
        kind: "accepted",
        runner: { id: 12, token: TOKEN, expiresAt: expiry ?? null },
      });
    },
  );

  it("does not count with another success status than GitLab's", async () => {
    const { registration, said } = await ask("register", success(200, RUNNER));

    expect(registration.kind).toBe("stopped");
    expect(said).toHaveLength(1);
  });
});
