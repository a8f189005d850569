import { processIo } from "../io";
import { runImportConfig } from "./command";

void runImportConfig(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
