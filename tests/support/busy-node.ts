import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Creates a program that replaces node and never ends.
 * @param lines commands that it runs first
 */
export function busyNode(lines = ""): string {
  const program = join(mkdtempSync(join(tmpdir(), "busy-node-")), "node");
  writeFileSync(program, `#!/bin/sh\n${lines}\nwhile :; do :; done\n`, { mode: 0o755 });
  return program;
}
