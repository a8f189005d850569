/**
 * Records which proxy Go's net/http uses in each case of tests/fixtures/go-proxy/cases.ts. Requires
 * Go: `npx tsx tests/support/record-go-proxies.ts`.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import execa from "execa";
import { CASES, PROXIES } from "../fixtures/go-proxy/cases";

const FOLDER = resolve(__dirname, "../fixtures/go-proxy");

async function recordAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "go-proxy-"));
  try {
    const program = join(folder, "ask");
    await execa("go", ["build", "-o", program, join(FOLDER, "main.go")]);
    const answers: string[] = [];
    for (const [url, env] of CASES) {
      const options = { env: { ...PROXIES, ...env }, extendEnv: false };
      const { stdout } = await execa(program, [url], options);
      answers.push(`${url} ${JSON.stringify(env)} ${stdout}`);
    }
    await writeFile(join(FOLDER, "answers.json"), `${JSON.stringify(answers, undefined, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

void recordAll();
