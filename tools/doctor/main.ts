import { processIo } from "../io";
import { runDoctor } from "./command";

// The reader of a pipe, such as `head`, may close it before the last line.
process.stdout.once("error", () => process.exit());

void runDoctor(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
