import type { Draft } from "../components/settings/draft";
import { howToSet, missing, placeOf } from "../components/settings/problems";

/** Checks where the image is to be pushed. */
export function checkRegistrySettings({ origins }: Draft): readonly string[] {
  const problems = origins.has("registry.address")
    ? []
    : [missing("registry.address", "registry.address", "registry.example.com/ci")];
  const [username, password] = [origins.get("registry.username"), origins.get("registry.password")];
  if (username !== undefined && password === undefined) {
    problems.push(
      `${placeOf("registry.username", username)} requires \`registry.password\`: ${howToSet("registry.password", "registry.password", "…")}`,
    );
  }
  if (username === undefined && password !== undefined) {
    problems.push(
      `${placeOf("registry.password", password)} requires \`registry.username\`: ${howToSet("registry.username", "registry.username", "…")}`,
    );
  }
  return problems;
}
