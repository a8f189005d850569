import { readFileSync } from "node:fs";
import { findForms } from "./find-forms";
import { proseFiles } from "./files";

const USAGE =
  "Usage: npm run language [-- PATH…]\n\nPrints every forbidden form below the paths.\n";

/** `npm run language [-- PATH…]`: prints every forbidden form. */
function main(paths: readonly string[]): void {
  if (paths.includes("--help")) {
    process.stdout.write(USAGE);
    return;
  }
  const all = proseFiles(process.cwd());
  const unknown = paths.filter((path) => !all.some((file) => file.startsWith(path)));
  if (unknown.length > 0) {
    process.stderr.write(`no text below ${unknown.join(", ")}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const files = all.filter(
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
