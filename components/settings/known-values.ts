import * as pulumi from "@pulumi/pulumi";
import { isSecretValue, settingOf, type SettingKey } from "../../contract/settings/keys";
import { awaitValue, isKnown } from "../known";
import type { OutputValues } from "./assemble";
import type { ParsedSettings } from "./parsed-settings";

/**
 * Adds the values of outputs to the settings, as far as they are known: in a preview, some never
 * are. Leaves out a secret value of a setting that messages show. Of a secret URL of GitLab, only
 * the scheme remains, because certificates need https.
 * @param outputs the parsed values
 */
export async function addKnownValues(
  parsed: ParsedSettings,
  outputs: OutputValues,
): Promise<ParsedSettings> {
  const read = await Promise.all([...outputs].map(([key, output]) => readKnownValue(key, output)));
  const known = new Map(read.filter((entry) => entry !== undefined));
  return {
    ...parsed,
    values: { ...parsed.values, ...Object.fromEntries(known) },
    outputs: new Set([...parsed.outputs].filter((key) => !known.has(key))),
  };
}

async function readKnownValue(
  key: SettingKey,
  output: pulumi.Output<unknown>,
): Promise<readonly [SettingKey, unknown] | undefined> {
  // Pulumi reports a failed output where the pool uses it.
  if (!(await isKnown(output).catch(() => false))) return undefined;
  const value = await awaitValue(output);
  const isShown = !isSecretValue(key, value) && settingOf(key).type.mayBeSecret !== true;
  if (!isShown || !(await pulumi.isSecret(output))) return [key, value];
  return key === "gitlabUrl" ? [key, hideHost(String(value))] : undefined;
}

/** Replaces all after the scheme. The result must be a URL. */
function hideHost(url: string): string {
  return url.replace(/(?<=^https?:\/\/).*/, "hidden");
}
