import { describe, expect, it } from "@jest/globals";
import {
  formatReplicaLine,
  parseReplicaLine,
  findCurrentState,
  type ReplicaLine,
  type ReplicaStatus,
} from "../../../contract/replica-log";

const line = (state: ReplicaStatus): ReplicaLine => ({ state, message: `is ${state}` });

describe("a line of a replica", () => {
  it.each([
    ["a line feed", "a\r\n gitlab-runner-pool: online: b", "a gitlab-runner-pool: online: b"],
    ["an escape sequence", "a\u001b]0;title\u0007b", "ab"],
    ["a C1 control character", "a\u0086b", "ab"],
    ["text that runs backwards", "a\u202eb", "ab"],
  ])("contains no %s", (_, message, shown) => {
    expect(formatReplicaLine({ state: "waiting", message })).toBe(
      `gitlab-runner-pool: waiting: ${shown}`,
    );
  });

  it("is cut off if its message is too long", () => {
    const text = formatReplicaLine({ state: "waiting", message: "x".repeat(1_000_000) });

    expect(parseReplicaLine(text)?.message).toBe(`${"x".repeat(4_000)}…`);
    const longest = { state: "waiting", message: "x".repeat(4_000) } as const;
    expect(parseReplicaLine(formatReplicaLine(longest))).toEqual(longest);
  });
});

describe("a log line", () => {
  it("is a replica's state line even without a message", () => {
    expect(parseReplicaLine("gitlab-runner-pool: online:")).toEqual({
      state: "online",
      message: "",
    });
  });

  it("may have a state of two words", () => {
    const written = { state: "not deregistered", message: "manager r_1" } as const;

    expect(parseReplicaLine(formatReplicaLine(written))).toEqual(written);
  });

  it.each([
    ["removed", "deregistered"],
    ["left", "not deregistered"],
  ])("with state %j of an older image is read as %j", (word, state) => {
    expect(parseReplicaLine(`gitlab-runner-pool: ${word}: manager r_1`)).toEqual({
      state,
      message: "manager r_1",
    });
  });

  it.each([
    "",
    "online",
    "gitlab-runner-pool: asleep: a",
    "gitlab-runner-pool: online",
    "gitlab-runner-pool: online:a",
    " gitlab-runner-pool: online: a",
  ])("is not a replica's state line if it is %j", (text) => {
    expect(parseReplicaLine(text)).toBeUndefined();
  });
});

describe("the current state of a replica", () => {
  it.each<readonly [ReplicaStatus | undefined, readonly ReplicaStatus[]]>([
    [undefined, []],
    [undefined, ["warning"]],
    ["online", ["starting", "waiting", "online", "warning"]],
    ["refused", ["starting", "online", "refused", "warning"]],
    ["online", ["online", "refused", "online"]],
    ["waiting", ["online", "waiting"]],
    ["online", ["online", "waiting", "online"]],
    ["draining", ["online", "refused", "draining"]],
  ])("is %s after %j", (state, states) => {
    expect(findCurrentState(states.map(line))).toEqual(state && line(state));
  });
});
