import { SETTING_KEYS, type SettingKey } from "../keys";
import { CACHE_TYPES } from "../rows/cache";
import type { Rule, RuleInput } from "./rule";

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

const S3_KEYS = ["cache.s3.accessKey", "cache.s3.secretKey"] as const;

const requireKeyPair: Rule = ({ isSet, name }) => {
  const [present, missing] = [S3_KEYS.filter(isSet), S3_KEYS.filter((key) => !isSet(key))];
  const [one] = present;
  const [other] = missing;
  if (other === undefined) return {};
  if (one !== undefined) {
    return {
      problems: [
        `${name(one)} requires ${name(other)}: set both, or neither to use the instance role of the nodes`,
      ],
    };
  }
  return isSet("cache.s3.sessionToken")
    ? {
        problems: [
          `${name("cache.s3.sessionToken")} requires ${S3_KEYS.map(name).join(" and ")}: set them, or unset it`,
        ],
      }
    : {};
};

const checkAuthenticationType: Rule = ({ value, isSet, show, name }) => {
  const type = value("cache.s3.authenticationType");
  const hasKeys = S3_KEYS.some(isSet);
  if (type === "iam" && hasKeys) {
    return {
      problems: [
        `${show("cache.s3.authenticationType")} uses the instance role of the nodes, so ${S3_KEYS.filter(isSet).map(name).join(" and ")} would be ignored: unset one of them`,
      ],
    };
  }
  return type === "access-key" && !hasKeys
    ? {
        problems: [
          `${show("cache.s3.authenticationType")} requires ${S3_KEYS.map(name).join(" and ")}: set them`,
        ],
      }
    : {};
};

const requireKms: Rule = ({ value, isSet, show, name }) => {
  const encryption = value("cache.s3.serverSideEncryption");
  if (!isSet("cache.s3.serverSideEncryptionKeyId")) return {};
  if (encryption === "KMS" || encryption === "DSSE-KMS") return {};
  const found =
    encryption === undefined
      ? `set ${name("cache.s3.serverSideEncryption")} to KMS or DSSE-KMS`
      : `${show("cache.s3.serverSideEncryption")} does not use a key of yours`;
  return {
    problems: [
      `${show("cache.s3.serverSideEncryptionKeyId")} is only for the encryption KMS and DSSE-KMS: ${found}`,
    ],
  };
};

/** Amazon has no accelerated endpoint for these. */
const checkAcceleration: Rule = ({ value, show }) => {
  if (value("cache.s3.accelerate") !== true) return {};
  const problem = (key: SettingKey) => ({
    problems: [
      `${show("cache.s3.accelerate")} cannot be used with ${show(key)}: unset one of them`,
    ],
  });
  if (value("cache.s3.pathStyle") === true) return problem("cache.s3.pathStyle");
  return value("cache.s3.bucketName")?.includes(".") === true ? problem("cache.s3.bucketName") : {};
};

/** A common mistake: the host name that a browser shows contains the bucket or the account. */
const rejectPrefixedHost: Rule = ({ value, show, name }) => {
  const pairs = [
    ["cache.s3.bucketName", "cache.s3.serverAddress", value("cache.s3.serverAddress")?.host],
    ["cache.azure.accountName", "cache.azure.storageDomain", value("cache.azure.storageDomain")],
  ] as const;
  return {
    problems: pairs.flatMap(([prefix, key, host]) => {
      const text = value(prefix);
      if (text === undefined || host?.startsWith(`${text}.`) !== true) return [];
      return [
        `${show(key)} must not begin with ${show(prefix)}, which gitlab-runner adds to it: set ${name(key)} to ${host.slice(text.length + 1)}`,
      ];
    }),
  };
};

const AMAZON = /(?:^|\.)amazonaws\.com(?:\.cn)?(?::\d+)?$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})(?::|$)/i;

const warnAboutServer: Rule = (settings) => {
  const { value, show, name } = settings;
  const host = value("cache.s3.serverAddress")?.host;
  if (host === undefined) return {};
  const address = show("cache.s3.serverAddress");
  const warnings: string[] = [];
  if (LOOPBACK.test(host) && value("docker.networkMode") !== "host") {
    warnings.push(
      `${address} is a loopback address, which a job's containers cannot reach, so its caches fail: set ${name("cache.s3.serverAddress")} to the host name or address at which containers reach the server`,
    );
  }
  if (!AMAZON.test(host)) warnings.push(...warnAboutForeignServer(settings, address));
  return { warnings };
};

/** Settings that have no effect with a server of somebody else than Amazon. */
function warnAboutForeignServer(
  { value, isSet, show, name }: RuleInput,
  address: string,
): readonly string[] {
  const ignored = (["cache.s3.accelerate", "cache.s3.dualStack"] as const).filter(
    (key) => value(key) === true,
  );
  return [
    ...(S3_KEYS.some(isSet) || isSet("cache.s3.authenticationType")
      ? []
      : [
          `${address} is not Amazon's, but ${S3_KEYS.map(name).join(" and ")} are not set, so gitlab-runner looks for an instance role of Amazon: set them, or set ${name("cache.s3.authenticationType")} to iam if the nodes have such a role`,
        ]),
    ...ignored.map((key) => `${show(key)} has no effect, because ${address} is not Amazon's`),
  ];
}

const warnAboutUploadRole: Rule = ({ isSet, name }) =>
  isSet("cache.s3.roleArn") && isSet("cache.s3.uploadRoleArn")
    ? {
        warnings: [
          `${name("cache.s3.uploadRoleArn")} has no effect, because gitlab-runner uses ${name("cache.s3.roleArn")} for uploads, too: unset one of them`,
        ],
      }
    : {};

/** Restricts a rule to caches in S3. Another rule rejects the settings of S3 for other types. */
function onlyForS3(rule: Rule): Rule {
  return (settings) => (settings.value("cache.type") === "s3" ? rule(settings) : {});
}

/** Rules about the cache in object storage. */
export const CACHE_RULES: readonly Rule[] = [
  requireType,
  rejectOtherTypes,
  requireBucket,
  rejectPrefixedHost,
  ...[
    requireKeyPair,
    checkAuthenticationType,
    requireKms,
    checkAcceleration,
    warnAboutServer,
    warnAboutUploadRole,
  ].map(onlyForS3),
];
