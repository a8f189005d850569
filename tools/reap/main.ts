import { processIo } from "../io";
import { runReap } from "./command";

void runReap(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
