import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { renderDocument } from "./format";
import { GENERATED } from "./generated";

const PROJECT = resolve(__dirname, "../..");

/** Writes the generated parts of the documentation, Pulumi.yaml and the Dockerfile. */
async function main(): Promise<void> {
  for (const document of GENERATED) {
    const { current, desired } = await renderDocument(PROJECT, document);
    if (current === desired) continue;
    writeFileSync(resolve(PROJECT, document.file), desired);
    process.stdout.write(`wrote ${document.file}\n`);
  }
}

void main();
