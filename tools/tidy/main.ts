import { processIo } from "../io";
import { runTidy } from "./command";

void runTidy(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
