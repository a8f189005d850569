import { runReap } from "./command";

void runReap(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  out: process.stdout,
  err: process.stderr,
}).then((code) => {
  process.exitCode = code;
});
