import { parse } from "yaml";
import { isObject } from "../../contract/json";
import { setAt } from "../../contract/settings/nested";
import { readStackSettings } from "../../stack/stack-settings";
import { runImportConfig } from "../../tools/import-config/command";
import { memoryIo } from "./memory-io";

/** What `npm run import-config` does with a config.toml. */
export interface ImportResult {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

/** Runs `npm run import-config -- -`. */
export async function importConfig(
  toml: string,
  ...args: readonly string[]
): Promise<ImportResult> {
  const io = memoryIo({}, toml);
  const code = await runImportConfig(["-", ...args], io);
  return { code, printed: io.printed(), complained: io.complained() };
}

/** Lists the paths of the secrets for which the output has a command. */
export function secretsIn(printed: string): readonly string[] {
  return [...printed.matchAll(/^# {3}pulumi config set --secret (?:--path )?(\S+)$/gm)].map(
    ([, path = ""]) => path,
  );
}

/**
 * Reads the printed stack config as the program does, with the secrets set.
 * @param secret returns the value of the secret with this path
 */
export function readImported(
  printed: string,
  secret: (path: string) => unknown,
): ReturnType<typeof readStackSettings> {
  const file: unknown = parse(printed);
  const written = isObject(file) && isObject(file["config"]) ? file["config"] : {};
  const config: Record<string, unknown> = { registry: { address: "registry.example.com/ci" } };
  for (const [key, value] of Object.entries(written)) {
    config[key.replace("gitlab-runner-pool:", "")] = value;
  }
  for (const path of secretsIn(printed)) setAt(config, path.split("."), secret(path));
  // Pulumi passes objects as JSON.
  const texts = Object.entries(config).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readStackSettings({
    config: Object.fromEntries(texts),
    env: {},
    project: "gitlab-runner-pool",
    stack: "dev",
  });
}
