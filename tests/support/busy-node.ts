import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program in place of node; it never ends by itself. @param lines what it does before */
export function busyNode(lines = ""): string {
  const program = join(mkdtempSync(join(tmpdir(), "busy-node-")), "node");
  writeFileSync(program, `#!/bin/sh\n${lines}\nwhile :; do :; done\n`, { mode: 0o755 });
  return program;
}
