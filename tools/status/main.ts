import { processIo } from "../io";
import { runStatus } from "./command";

const stop = new AbortController();
process.once("SIGINT", () => {
  stop.abort();
});

void runStatus(process.argv.slice(2), processIo(), stop.signal).then((code) => {
  // A pending request to GitLab must not delay a user who pressed Ctrl-C.
  if (stop.signal.aborted) process.exit(code);
  process.exitCode = code;
});
