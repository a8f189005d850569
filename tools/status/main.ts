import { runStatus } from "./command";

const stop = new AbortController();
process.once("SIGINT", () => {
  stop.abort();
});

const io = { env: process.env, stdin: process.stdin, out: process.stdout, err: process.stderr };
void runStatus(process.argv.slice(2), io, stop.signal).then((code) => {
  process.exitCode = code;
});
