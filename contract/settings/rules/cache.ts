import { SETTING_KEYS, type SettingKey } from "../keys";
import { CACHE_TYPES } from "../rows/cache";
import { CACHE_S3_RULES } from "./cache-s3";
import type { Rule } from "./rule";

/** The settings without which a type cannot work. */
const REQUIRED = {
  s3: ["cache.s3.bucketName"],
  gcs: ["cache.gcs.bucketName"],
  azure: ["cache.azure.accountName", "cache.azure.containerName"],
} as const satisfies Record<(typeof CACHE_TYPES)[number], readonly SettingKey[]>;

const CACHE_KEYS = SETTING_KEYS.filter((key) => key.startsWith("cache."));

/** Returns the type that a setting such as `cache.s3.bucketName` belongs to, or undefined. */
export function getCacheType(key: SettingKey): (typeof CACHE_TYPES)[number] | undefined {
  return CACHE_TYPES.find((type) => key.startsWith(`cache.${type}.`));
}

/** Without a type, gitlab-runner would fail to set up the cache of every job. */
const requireType: Rule = ({ isSet, name }) => {
  if (isSet("cache.type")) return {};
  return {
    problems: CACHE_KEYS.filter(isSet).map((key) => {
      const owner = getCacheType(key);
      return `${name(key)} requires ${name("cache.type")}: set it to ${owner ?? CACHE_TYPES.join(", ")}, or unset ${name(key)}`;
    }),
  };
};

const rejectOtherTypes: Rule = ({ value, isSet, show, name }) => {
  const type = value("cache.type");
  if (type === undefined) return {};
  return {
    problems: CACHE_KEYS.filter((key) => isSet(key) && (getCacheType(key) ?? type) !== type).map(
      (key) =>
        `${name(key)} requires ${name("cache.type")} ${getCacheType(key) ?? ""}, but ${show("cache.type")} is set: unset one of them`,
    ),
  };
};

const requireBucket: Rule = ({ value, isSet, show, name }) => {
  const type = value("cache.type");
  if (type === undefined) return {};
  return {
    problems: REQUIRED[type]
      .filter((key) => !isSet(key))
      .map((key) => `${show("cache.type")} requires ${name(key)}: set it`),
  };
};

/** A common mistake: the host name that a browser shows contains the account. */
const rejectAccountInDomain: Rule = ({ value, show, name }) => {
  const [account, domain] = [value("cache.azure.accountName"), value("cache.azure.storageDomain")];
  if (account === undefined || domain?.startsWith(`${account}.`) !== true) return {};
  return {
    problems: [
      `${show("cache.azure.storageDomain")} must not begin with ${show("cache.azure.accountName")}, which gitlab-runner adds to it: set ${name("cache.azure.storageDomain")} to ${domain.slice(account.length + 1)}`,
    ],
  };
};

/** Rules about the cache in object storage. Those for S3 are in another file. */
export const CACHE_RULES: readonly Rule[] = [
  requireType,
  rejectOtherTypes,
  requireBucket,
  rejectAccountInDomain,
  ...CACHE_S3_RULES,
];
