import { readFileSync } from "node:fs";
import { findForms } from "./find-forms";
import { proseFiles } from "./files";

/** `npm run language [-- PATH…]`: prints every forbidden form. */
function main(paths: readonly string[]): void {
  const files = proseFiles(process.cwd()).filter(
    (file) => paths.length === 0 || paths.some((path) => file.startsWith(path)),
  );
  const lines = files.flatMap((file) =>
    findForms(file, readFileSync(file, "utf8")).map(
      ({ line, found, instead }) => `${file}:${line}: "${found.trim()}": write ${instead}`,
    ),
  );
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exitCode = lines.length === 0 ? 0 : 1;
}

main(process.argv.slice(2));
