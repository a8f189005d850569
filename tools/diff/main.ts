import { processIo } from "../io";
import { runDiff } from "./command";

void runDiff(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
