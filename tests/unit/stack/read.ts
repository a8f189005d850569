import { readStackSettings, type Sources, type StackSettings } from "../../../stack/stack-settings";
import { listWarnings } from "../../../tools/doctor/pools";

/** The minimal config of a stack. */
export const CONFIG = {
  gitlabUrl: "https://gitlab.example.com",
  token: "glrt-a-token-of-a-runner",
  registry: '{"address":"registry.example.com/ci"}',
};

const read = ({ config = CONFIG, env = {}, ...rest }: Partial<Sources> = {}) =>
  readStackSettings({ config, env, project: "gitlab-runner-pool", stack: "dev", ...rest });

/** Reads valid settings. @throws Error if there are problems */
export function settingsOf(sources: Partial<Sources>): StackSettings {
  const result = read(sources);
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.settings;
}

/** Reads valid settings and returns all warnings, as `npm run doctor` lists them. */
export function warningsOf(sources: Partial<Sources>): readonly string[] {
  return listWarnings(settingsOf(sources));
}

/** Reads settings and returns the problems. */
export function problemsOf(sources: Partial<Sources>): readonly string[] {
  const result = read(sources);
  return "problems" in result ? result.problems : [];
}

/** Adds settings to the minimal config. */
export const withConfig = (config: Record<string, string>): { config: Record<string, string> } => ({
  config: { ...CONFIG, ...config },
});
