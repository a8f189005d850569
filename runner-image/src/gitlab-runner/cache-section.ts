import { isObject } from "../../../contract/json";
import { setAt } from "../../../contract/settings/nested";

const CACHE = ["runners", "cache"];

/**
 * Adds what gitlab-runner needs to a cache in object storage, if the settings have one:
 * - Without `Shared`, the token is part of each cache's path, so a new token would begin with empty
 *   caches.
 * - Without `AuthenticationType`, gitlab-runner ignores the keys unless there is a server address.
 * @param tables the tables of config.toml, which this function changes
 */
export function completeCache(tables: Record<string, unknown>): void {
  const cache = getTable(getTable(tables, "runners"), "cache");
  if (cache["Type"] === undefined) return;
  if (cache["Shared"] === undefined) setAt(tables, [...CACHE, "Shared"], true);
  const s3 = getTable(cache, "s3");
  if (s3["AccessKey"] !== undefined && s3["AuthenticationType"] === undefined) {
    setAt(tables, [...CACHE, "s3", "AuthenticationType"], "access-key");
  }
}

/** Returns a table inside another one; an empty table if there is none. */
function getTable(table: Readonly<Record<string, unknown>>, name: string) {
  const found = table[name];
  return isObject(found) ? found : {};
}
