import { describe, expect, it } from "@jest/globals";
import { readAnswer } from "../../../gitlab-api/call";
import { backOffMs, isTransient } from "../../../gitlab-api/retry-policy";
import { classify } from "../../../runner-image/src/gitlab/retry";
import { statusError } from "../../../tools/gitlab/errors";

const TRANSIENT = [408, 425, 429, 500, 501, 502, 503, 504, 505, 507, 511, 520, 599];
const LASTING = [400, 401, 403, 404, 405, 409, 410, 412, 413, 422, 451];

describe("a temporary status", () => {
  it.each([
    ...TRANSIENT.map((code) => [code, true] as const),
    ...LASTING.map((code) => [code, false] as const),
  ])("%i: %s, for replicas and tools", (status, transient) => {
    const answer = {
      kind: "status",
      status,
      body: {},
      message: "",
      retryAfterMs: undefined,
    } as const;
    const http = readAnswer({ status, reason: "", header: () => undefined, text: "{}" }, 0);
    expect({
      policy: isTransient(status),
      replica: classify(answer, []) === "again",
      tools: statusError("GET /x", http).temporary,
    }).toEqual({ policy: transient, replica: transient, tools: transient });
  });
});

describe("the wait until the next attempt", () => {
  const limits = { firstMs: 250, longestMs: 10_000 };

  it("doubles up to the maximum, and half of it is random", () => {
    const waits = [1, 2, 3, 6, 7, 100].map((attempt) => backOffMs(limits, attempt, undefined, 1));
    expect(waits).toEqual([250, 500, 1_000, 8_000, 10_000, 10_000]);
    expect(backOffMs(limits, 2, undefined, 0)).toBe(250);
  });

  it("is as long as the server asks, up to the limit", () => {
    expect(backOffMs(limits, 1, 3_600_000, 1)).toBe(3_600_000);
    expect(backOffMs({ ...limits, longestAskedMs: 60_000 }, 1, 3_600_000, 1)).toBe(60_000);
    expect(backOffMs(limits, 7, 1_000, 1)).toBe(10_000);
  });
});
