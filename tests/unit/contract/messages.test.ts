import { describe, expect, it } from "@jest/globals";
import { formatOnlineMessage, parseOnlineMessage } from "../../../contract/online-message";
import { formatRegistrationNote, parseRegistrationNote } from "../../../contract/registration-note";

const systemId = "r_0123456789ab";

describe("the note of a runner that a replica registered", () => {
  it("is read back as it was written", () => {
    expect(parseRegistrationNote(formatRegistrationNote(systemId))).toBe(systemId);
  });

  it.each([
    "",
    "do not touch",
    "made by gitlab-runner-pool, system ID ",
    "made by gitlab-runner-pool, system ID r_0123",
    "see: made by gitlab-runner-pool, system ID r_0123456789ab",
  ])("is not found in %j", (note) => {
    expect(parseRegistrationNote(note)).toBeUndefined();
  });
});

describe("the line of a replica that is online", () => {
  it.each([null, "2026-12-01T00:00:00Z"])("is read back with the expiry %j", (tokenExpiresAt) => {
    const message = { systemId, runnerId: 12, tokenExpiresAt };

    expect(parseOnlineMessage(formatOnlineMessage(message))).toEqual(message);
  });

  it("is no other line", () => {
    expect(parseOnlineMessage("accepts jobs")).toBeUndefined();
  });
});
