import { describe, expect, it } from "@jest/globals";
import { formatRegistrationNote, parseRegistrationNote } from "../../../contract/registration-note";

describe("the maintenance note of a runner that a replica registered", () => {
  const systemId = "r_0123456789ab";

  it("is read back as it was written, without the service's id", () => {
    const note = formatRegistrationNote({ pool: "gitlab-runner-pool-dev/x1y2", systemId });

    expect(parseRegistrationNote(note)).toEqual({ pool: "gitlab-runner-pool-dev", systemId });
  });

  it.each([
    "",
    "do not touch",
    "Registered by gitlab-runner-pool: gitlab-runner-pool-dev",
    "Registered by gitlab-runner-pool: gitlab-runner-pool-dev r_0123",
    "see: Registered by gitlab-runner-pool: gitlab-runner-pool-dev r_0123456789ab",
  ])("is not found in %j", (note) => {
    expect(parseRegistrationNote(note)).toBeUndefined();
  });
});
