import { runStatus } from "./command";

const stop = new AbortController();
process.once("SIGINT", () => {
  stop.abort();
});

const io = { env: process.env, stdin: process.stdin, out: process.stdout, err: process.stderr };
void runStatus(process.argv.slice(2), io, stop.signal).then((code) => {
  // A question to GitLab that is still open must not hold up a person who pressed Ctrl-C.
  if (stop.signal.aborted) process.exit(code);
  process.exitCode = code;
});
