import { readStackSettings, type Sources, type StackSettings } from "../../../stack/stack-settings";

/** The least config that a stack can have. */
export const CONFIG = {
  gitlabUrl: "https://gitlab.example.com",
  token: "glrt-a-token-of-a-runner",
  registry: '{"address":"registry.example.com/ci"}',
};

const read = ({ config = CONFIG, env = {}, ...rest }: Partial<Sources> = {}) =>
  readStackSettings({ config, env, project: "gitlab-runner-pool", stack: "dev", ...rest });

/** The settings that are read. @throws Error if there are problems */
export function settingsOf(sources: Partial<Sources>): StackSettings {
  const result = read(sources);
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.settings;
}

/** The problems that are found. */
export function problemsOf(sources: Partial<Sources>): readonly string[] {
  const result = read(sources);
  return "problems" in result ? result.problems : [];
}

/** That config, and more. */
export const withConfig = (config: Record<string, string>): { config: Record<string, string> } => ({
  config: { ...CONFIG, ...config },
});
