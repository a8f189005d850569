import { expect, it } from "@jest/globals";
import execa from "execa";
import { ENTRYPOINT_SH } from "../support/entrypoint-bundle";

it("entrypoint.sh has none of the flaws that shellcheck knows", async () => {
  // What a trap calls counts as never reached (SC2317).
  const { stdout } = await execa("shellcheck", ["--exclude=SC2317", ENTRYPOINT_SH], {
    reject: false,
  });

  expect(stdout).toBe("");
});
