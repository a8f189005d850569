import {
  kmsKeyId,
  region,
  requestLimit,
  roleArn,
  s3AccessKey,
  s3Secret,
} from "../types/cache-values";
import { s3BucketName } from "../types/bucket";
import { boolean, oneOf } from "../types/plain";
import { serverAddress } from "../types/server-address";
import type { Setting } from "../setting";

const MAX_ASSUME_ROLE = 1000;

/** Caches in Amazon S3 or a compatible server. */
export const CACHE_S3_ROWS = {
  "cache.s3.serverAddress": {
    topic: "Cache in S3",
    type: serverAddress,
    scope: "replica",
    input: true,
    toml: "runners.cache.s3.ServerAddress",
    description:
      "Server: `HOST[:PORT]`. Add `http://` in front if it does not use TLS. Default: Amazon S3.",
  },
  "cache.s3.bucketName": {
    topic: "Cache in S3",
    type: s3BucketName,
    scope: "replica",
    input: true,
    toml: "runners.cache.s3.BucketName",
    description:
      "Bucket. Required with `cache.type: s3`. For a bucket of S3 Express One Zone (`…--x-s3`), also set `cache.s3.dualStack` to `false`.",
  },
  "cache.s3.bucketLocation": {
    topic: "Cache in S3",
    type: region,
    scope: "replica",
    input: true,
    toml: "runners.cache.s3.BucketLocation",
    description:
      "Region of the bucket. Default: gitlab-runner asks the server before each transfer, and uses `us-east-1` if it gets no answer.",
  },
  "cache.s3.accessKey": {
    topic: "Cache in S3",
    type: s3AccessKey,
    scope: "replica",
    secret: true,
    toml: "runners.cache.s3.AccessKey",
    description:
      "Access key. Set both `cache.s3.accessKey` and `cache.s3.secretKey`, or neither for the instance role of the node.",
  },
  "cache.s3.secretKey": {
    topic: "Cache in S3",
    type: s3Secret,
    scope: "replica",
    secret: true,
    toml: "runners.cache.s3.SecretKey",
    description: "Secret key of `cache.s3.accessKey`.",
  },
  "cache.s3.sessionToken": {
    topic: "Cache in S3",
    type: s3Secret,
    scope: "replica",
    secret: true,
    toml: "runners.cache.s3.SessionToken",
    description: "Session token of temporary keys.",
  },
  "cache.s3.authenticationType": {
    topic: "Cache in S3",
    type: oneOf(["access-key", "iam"]),
    scope: "replica",
    toml: "runners.cache.s3.AuthenticationType",
    description:
      "Whether gitlab-runner uses the keys or an instance role. Default: `access-key` with keys, otherwise `iam`.",
  },
  "cache.s3.pathStyle": {
    topic: "Cache in S3",
    type: boolean,
    scope: "replica",
    toml: "runners.cache.s3.PathStyle",
    description:
      "Whether the bucket is part of the URL's path instead of the host name. Default: `false` for the servers of Amazon, Google and Alibaba, otherwise `true`.",
  },
  "cache.s3.dualStack": {
    topic: "Cache in S3",
    type: boolean,
    scope: "replica",
    toml: "runners.cache.s3.DualStack",
    description:
      "Whether to use Amazon's endpoints with IPv4 and IPv6. No effect with `cache.s3.serverAddress`. Default: `true`.",
  },
  "cache.s3.accelerate": {
    topic: "Cache in S3",
    type: boolean,
    scope: "replica",
    toml: "runners.cache.s3.Accelerate",
    description:
      "Whether to use Amazon's Transfer Acceleration. No effect with `cache.s3.serverAddress`. Default: `false`.",
  },
  "cache.s3.serverSideEncryption": {
    topic: "Cache in S3",
    type: oneOf(["S3", "KMS", "DSSE-KMS"]),
    scope: "replica",
    toml: "runners.cache.s3.ServerSideEncryption",
    description: "How the server encrypts the caches. Default: as the bucket is configured.",
  },
  "cache.s3.serverSideEncryptionKeyId": {
    topic: "Cache in S3",
    type: kmsKeyId,
    scope: "replica",
    input: true,
    toml: "runners.cache.s3.ServerSideEncryptionKeyID",
    description: "KMS key for `KMS` and `DSSE-KMS`: its ID, alias or ARN.",
  },
  "cache.s3.roleArn": {
    topic: "Cache in S3",
    type: roleArn,
    scope: "replica",
    input: true,
    toml: "runners.cache.s3.RoleARN",
    description:
      "IAM role that gitlab-runner assumes for each transfer. Needed for caches of more than 5 GiB.",
  },
  "cache.s3.uploadRoleArn": {
    topic: "Cache in S3",
    type: roleArn,
    scope: "replica",
    input: true,
    toml: "runners.cache.s3.UploadRoleARN",
    description:
      "IAM role that gitlab-runner assumes for uploads only. gitlab-runner has deprecated it: use `cache.s3.roleArn`.",
  },
  "cache.s3.assumeRoleMaxConcurrency": {
    topic: "Cache in S3",
    type: requestLimit(MAX_ASSUME_ROLE),
    scope: "replica",
    toml: "runners.cache.s3.AssumeRoleMaxConcurrency",
    description:
      "How many requests for a role may be open at once: 1 to 1000, or `-1` for no limit. Default: 5.",
  },
  "cache.s3.disableAssumeRoleCredentialsCaching": {
    topic: "Cache in S3",
    type: boolean,
    scope: "replica",
    toml: "runners.cache.s3.DisableAssumeRoleCredentialsCaching",
    description: "Whether to request a role again for each transfer. Default: `false`.",
  },
} as const satisfies Record<string, Setting>;
