import { SETTING_GROUPS } from "../../contract/settings/groups";
import {
  defaultOf,
  SETTING_KEYS,
  settingOf,
  type SettingKey,
  type ValueOf,
} from "../../contract/settings/keys";
import { getCacheType } from "../../contract/settings/rules/cache";
import { detectTokenKind } from "../../contract/token";
import { castValues, getValue, type ParsedSettings } from "./parsed-settings";

/** Settings that a global pool cannot have. */
const REPLICATED_ONLY: readonly SettingKey[] = [
  "replicas",
  "placement.maxPerNode",
  "placement.spread",
];

/**
 * Adds the settings that an additional pool inherits because it does not set them. It does not
 * inherit those that would be invalid for it: of another executor, of another type of cache, for a
 * new runner if its token belongs to an existing one, or certificates if its GitLab has no https. A
 * pool with its own `replicas` is not global because of its parent. Capabilities that jobs of one
 * executor need are not for the replicas of another.
 * The jobs of another GitLab must not get the client certificate's key.
 * @param nulls settings that the pool sets to null to not inherit them
 */
export function inherit(
  own: ParsedSettings,
  parent: ParsedSettings,
  nulls: ReadonlySet<SettingKey> = new Set(),
): ParsedSettings {
  const valueOf = <K extends SettingKey>(key: K): ValueOf<K> | undefined =>
    own.values[key] ?? (nulls.has(key) ? defaultOf(key) : getValue(parent, key));
  const groups = SETTING_GROUPS.filter((group) => group.some((key) => own.origins.has(key)));
  const isExcluded = (key: SettingKey): boolean =>
    own.origins.has(key) ||
    nulls.has(key) ||
    groups.some((group) => group.includes(key)) ||
    (key === "mode" && own.origins.has("replicas")) ||
    (REPLICATED_ONLY.includes(key) && valueOf("mode") === "global") ||
    isOfOther(settingOf(key).executor, valueOf("executor")) ||
    (key === "capAdd" && valueOf("executor") !== getValue(parent, "executor")) ||
    isOfOther(getCacheType(key), valueOf("cache.type")) ||
    isForOtherGitlab(key, own, parent) ||
    (key.startsWith("cache.") && nulls.has("cache.type")) ||
    (settingOf(key).newRunnerOnly === "rejected" && hasOwnRunner(own));
  const inherited = new Set(SETTING_KEYS.filter((key) => !isExcluded(key)));
  const values = Object.fromEntries(
    SETTING_KEYS.map((key) => [key, (inherited.has(key) ? parent : own).values[key]]),
  );
  const origins = [...parent.origins].filter(([key]) => inherited.has(key));
  return { ...own, values: castValues(values), origins: new Map([...origins, ...own.origins]) };
}

function isOfOther(owner: string | undefined, used: string | undefined): boolean {
  return owner !== undefined && owner !== used;
}

/** Whether a setting is a certificate or key that the pool's own GitLab must not or cannot get. */
function isForOtherGitlab(
  key: SettingKey,
  { values: { gitlabUrl }, origins }: ParsedSettings,
  parent: ParsedSettings,
): boolean {
  if (settingOf(key).certificateFile === undefined || !origins.has("gitlabUrl")) return false;
  if (gitlabUrl?.startsWith("https:") !== true) return true;
  return key !== "caCertificate" && readHost(gitlabUrl) !== readHost(parent.values.gitlabUrl);
}

/** Returns the host with its port. Another port may be another GitLab. */
function readHost(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).host;
}

/** Whether the pool's own token belongs to a runner that exists in GitLab. */
function hasOwnRunner({ values: { token = "", tokenKind }, origins }: ParsedSettings): boolean {
  return origins.has("token") && (tokenKind ?? detectTokenKind(token)) === "authentication";
}
