import { describe, expect, it } from "@jest/globals";
import { CONTRACT, SKIPPED } from "./contract";
import { CASES } from "./index";
import { createWorld, type Case } from "./world";

describe("GitLab's contract", () => {
  it.each(CASES.map((entry) => [entry.id, entry.call, entry.given, entry] as const))(
    "%s: %s, %s",
    async (_id, call, _given, { observe, expected }: Case) => {
      await using gitlab = await createWorld();
      expect(await observe(gitlab)).toEqual(expected);
      const { events } = await gitlab.controls.events();
      const requested = events.flatMap((event) =>
        event.kind === "request" ? [event.endpoint] : [],
      );
      expect(requested).toContain(call);
    },
  );

  it("is covered, except for the cases that are skipped with a reason", () => {
    const covered = new Set(CASES.map(({ id }) => id));
    expect(covered.size).toBe(CASES.length);
    expect(CONTRACT.length).toBe(291);
    const missing = CONTRACT.filter((id) => !covered.has(id));
    expect(missing.sort()).toEqual(Object.keys(SKIPPED).sort());
  });
});
