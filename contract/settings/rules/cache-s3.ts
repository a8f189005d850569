import type { SettingKey } from "../keys";
import type { Rule, RuleInput } from "./rule";

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

const AMAZON = /(?:^|\.)amazonaws\.com(?:\.cn)?(?::\d+)?$/i;
/** gitlab-runner puts the bucket into the host name of Alibaba's servers, too. */
const ALIBABA = /aliyuncs\.com(?::\d+)?$/i;
/** The address of a bucket is the only one that gitlab-runner's documentation names for these. */
const DIGITALOCEAN = /\.digitaloceanspaces\.com(?::\d+)?$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})(?::|$)/i;

/** Whether gitlab-runner uses Amazon's own endpoints. Undefined if the server is not known yet. */
function usesAmazonEndpoint({ value, isSet }: RuleInput): boolean | undefined {
  if (!isSet("cache.s3.serverAddress")) return true;
  const address = value("cache.s3.serverAddress");
  if (address === undefined) return undefined;
  return !address.plainHttp && /^s3\.amazonaws\.com(?::443)?$/i.test(address.host);
}

/** Restrictions of a bucket of S3 Express One Zone, which gitlab-runner documents. */
const checkExpressBucket: Rule = (settings) => {
  const { value, isSet, show, name } = settings;
  const isExpress = value("cache.s3.bucketName")?.endsWith("--x-s3") === true;
  if (!isExpress || usesAmazonEndpoint(settings) !== true) return {};
  const bucket = `${show("cache.s3.bucketName")} is a bucket of S3 Express One Zone`;
  const roles = (["cache.s3.roleArn", "cache.s3.uploadRoleArn"] as const).filter(isSet);
  return {
    problems: [
      ...(value("cache.s3.dualStack") === false
        ? []
        : [
            `${bucket}, which has no endpoint with IPv4 and IPv6: set ${name("cache.s3.dualStack")} to false`,
          ]),
      ...roles.map(
        (role) =>
          `${bucket}, which does not work with ${show(role)}, because a role cannot be limited to one cache there: unset one of them`,
      ),
    ],
  };
};

/** A common mistake: the host name that a browser shows contains the bucket. */
const checkBucketInHost: Rule = ({ value, show, name }) => {
  const bucket = value("cache.s3.bucketName");
  const host = value("cache.s3.serverAddress")?.host;
  if (bucket === undefined || host?.startsWith(`${bucket}.`) !== true) return {};
  const address = show("cache.s3.serverAddress");
  const correct = `${name("cache.s3.serverAddress")} to ${host.slice(bucket.length + 1)}`;
  if (isBucketInHost(host, value("cache.s3.pathStyle"))) {
    return {
      problems: [
        `${address} must not begin with ${show("cache.s3.bucketName")}, which gitlab-runner adds to it: set ${correct}`,
      ],
    };
  }
  return DIGITALOCEAN.test(host)
    ? {}
    : {
        warnings: [
          `${address} begins with ${show("cache.s3.bucketName")}, and gitlab-runner adds the bucket to the path, too: set ${correct}, unless the server requires this address`,
        ],
      };
};

/** Whether gitlab-runner adds the bucket to the host name, or the server is Amazon's. */
function isBucketInHost(host: string, pathStyle: boolean | undefined): boolean {
  return AMAZON.test(host) || !(pathStyle ?? !ALIBABA.test(host));
}

const warnAboutServer: Rule = (settings) => {
  const { value, isSet, show, name } = settings;
  const host = value("cache.s3.serverAddress")?.host;
  if (host === undefined) return {};
  const address = show("cache.s3.serverAddress");
  const hasCredentials = S3_KEYS.some(isSet) || isSet("cache.s3.authenticationType");
  const warnings: string[] = [];
  if (LOOPBACK.test(host) && value("docker.networkMode") !== "host") {
    warnings.push(
      `${address} is a loopback address, which a job's containers cannot reach, so its caches fail: set ${name("cache.s3.serverAddress")} to the host name or address at which containers reach the server`,
    );
  }
  if (!AMAZON.test(host) && !hasCredentials) {
    warnings.push(
      `${address} is not Amazon's, but ${S3_KEYS.map(name).join(" and ")} are not set, so gitlab-runner looks for an instance role of Amazon: set them, or set ${name("cache.s3.authenticationType")} to iam if the nodes have such a role`,
    );
  }
  return { warnings };
};

/** gitlab-runner uses these only with Amazon's own endpoints. */
const warnAboutEndpoints: Rule = (settings) => {
  const { value, show, name } = settings;
  if (usesAmazonEndpoint(settings) !== false) return {};
  return {
    warnings: (["cache.s3.accelerate", "cache.s3.dualStack"] as const)
      .filter((key) => value(key) === true)
      .map(
        (key) =>
          `${show(key)} has no effect with ${show("cache.s3.serverAddress")}: unset it, or unset ${name("cache.s3.serverAddress")} to use Amazon S3`,
      ),
  };
};

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

/** Rules about the cache in S3. */
export const CACHE_S3_RULES: readonly Rule[] = [
  requireKeyPair,
  checkAuthenticationType,
  requireKms,
  checkAcceleration,
  checkExpressBucket,
  checkBucketInHost,
  warnAboutServer,
  warnAboutEndpoints,
  warnAboutUploadRole,
].map(onlyForS3);
