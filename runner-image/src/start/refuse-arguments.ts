import { EXIT, type ExitCode } from "../../../contract/exit-codes";
import { createLog } from "../log";

/** Arguments that a message may show. Any other argument may hold a token. */
const PLAIN_WORD = /^[a-z-]+$/;

/** Reports that the image takes no arguments. @returns the replica's exit code */
export function refuseArguments([first = ""]: readonly string[]): ExitCode {
  const given = PLAIN_WORD.test(first) ? ` (${first})` : "";
  createLog([])(
    "refused",
    `this image takes no arguments${given}: it registers and runs without any, with the settings in RUNNER_… variables; to run a command of gitlab-runner, use \`docker run --entrypoint gitlab-runner\``,
  );
  return EXIT.config;
}
