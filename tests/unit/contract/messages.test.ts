import { describe, expect, it } from "@jest/globals";
import { formatOnlineMessage, parseOnlineMessage } from "../../../contract/online-message";
import {
  formatRegistrationNote,
  parseRegistrationNote,
  parseRegistrationServiceId,
} from "../../../contract/registration-note";

const systemId = "r_0123456789ab";

describe("the maintenance note of a registered runner", () => {
  it("is parsed as it was written", () => {
    expect(parseRegistrationNote(formatRegistrationNote(systemId))).toBe(systemId);
  });

  it("contains the service ID, which is unique across swarms", () => {
    const id = "x3ti0erg11rjpg64m75kej2mz";
    const note = formatRegistrationNote(systemId, `gitlab-runner-pool-dev/${id}`);

    expect(note).toBe(`made by gitlab-runner-pool, system ID ${systemId}, service ID ${id}`);
    expect(parseRegistrationNote(note)).toBe(systemId);
    expect(parseRegistrationServiceId(note)).toBe(id);
  });

  it("is found with whitespace that GitLab's page may add", () => {
    const note = ` ${formatRegistrationNote(systemId, "ci/x3ti0erg11rjpg64m75kej2mz")}\n`;

    expect(parseRegistrationNote(note)).toBe(systemId);
    expect(parseRegistrationServiceId(note)).toBe("x3ti0erg11rjpg64m75kej2mz");
    expect(parseRegistrationServiceId("do not touch")).toBeUndefined();
  });

  it.each([
    ...[undefined, "", "ci", "ci/1", "a/b/x3ti0erg11rjpg64m75kej2mz"],
    "ci/x3ti0erg11rjpg64m75kej2mz0",
  ])("contains no service ID if the pool is %j", (pool) => {
    const note = formatRegistrationNote(systemId, pool);

    expect(note).toBe(`made by gitlab-runner-pool, system ID ${systemId}`);
    expect(parseRegistrationServiceId(note)).toBeUndefined();
  });

  it.each([
    "",
    "do not touch",
    "made by gitlab-runner-pool, system ID ",
    "made by gitlab-runner-pool, system ID r_0123",
    "made by gitlab-runner-pool, system ID r_0123456789ab, service ID short",
    "see: made by gitlab-runner-pool, system ID r_0123456789ab",
  ])("is not recognized in %j", (note) => {
    expect(parseRegistrationNote(note)).toBeUndefined();
  });
});

describe("the log line of an online replica", () => {
  it.each([null, "2026-12-01T00:00:00Z"])("is parsed with the expiry %j", (tokenExpiresAt) => {
    const message = { systemId, runnerId: 12, tokenExpiresAt };

    expect(parseOnlineMessage(formatOnlineMessage(message))).toEqual(message);
  });

  it.each([
    "accepts jobs",
    "accepts jobs as manager r_1 of runner one",
    "never accepts jobs as manager r_1 of runner 1",
    "accepts jobs as manager r_1 of runner 1, or so",
  ])("is not recognized in %j", (text) => {
    expect(parseOnlineMessage(text)).toBeUndefined();
  });
});
