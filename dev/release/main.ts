/** `npm run release [-- --dry-run]`: creates the package and the tag of a new version. */
import { resolve } from "node:path";
import { runCommand } from "./command";
import { show } from "./release";

/** The local date, as `YYYY-MM-DD`. */
function today(): string {
  const now = new Date();
  const pad = (part: number): string => String(part).padStart(2, "0");
  return [now.getFullYear(), pad(now.getMonth() + 1), pad(now.getDate())].join("-");
}

// Ctrl-C ends the running step. Then this program reports what exists already.
process.on("SIGINT", () => undefined);

void runCommand(process.argv.slice(2), {
  project: resolve(__dirname, "../.."),
  env: process.env,
  today: today(),
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  runCheck: show,
  run: show,
}).then((code) => {
  process.exitCode = code;
});
