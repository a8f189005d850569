import type { ParsedSettings } from "../components/settings/parsed-settings";
import {
  explainHowToSet,
  describeMissingSetting,
  describeSource,
} from "../components/settings/problems";

/** Checks the settings of the registry to which the image is pushed. */
export function checkRegistrySettings({ origins }: ParsedSettings): readonly string[] {
  const problems = origins.has("registry.address")
    ? []
    : [describeMissingSetting("registry.address", "registry.address", "registry.example.com/ci")];
  const [username, password] = [origins.get("registry.username"), origins.get("registry.password")];
  if (username !== undefined && password === undefined) {
    problems.push(
      `${describeSource("registry.username", username)} requires \`registry.password\`: ${explainHowToSet("registry.password", "registry.password", "…")}`,
    );
  }
  if (username === undefined && password !== undefined) {
    problems.push(
      `${describeSource("registry.password", password)} requires \`registry.username\`: ${explainHowToSet("registry.username", "registry.username", "…")}`,
    );
  }
  return problems;
}
