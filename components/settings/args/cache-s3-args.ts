import type * as pulumi from "@pulumi/pulumi";
import type { ServerAddress } from "../../../contract/settings/types/server-address";

/** Caches in Amazon S3 or a compatible server. */
export interface CacheS3Args {
  /**
   * Server, `HOST[:PORT]`, with `http://` in front if it does not use TLS. The job's helper
   * container must reach it. By default, Amazon S3. Rejected: a path, a user, and an IPv6 address.
   * @example "minio.example.com:9000"
   */
  readonly serverAddress?: pulumi.Input<string> | ServerAddress | undefined;
  /**
   * Name of the bucket, which must exist. A bucket of S3 Express One Zone (`…--x-s3`) requires
   * `dualStack: false`, and rejects `roleArn` and `uploadRoleArn`.
   * @example "runner-cache"
   */
  readonly bucketName?: pulumi.Input<string> | undefined;
  /**
   * Region of the bucket. By default, gitlab-runner asks the server before each transfer, and uses
   * `us-east-1` if it gets no answer.
   * @example "eu-central-1"
   */
  readonly bucketLocation?: pulumi.Input<string> | undefined;
  /**
   * Access key. Stored in a swarm secret, and as a secret in the state. Set both `accessKey` and
   * `secretKey`, or neither to use the instance role of the node.
   * @example "AKIAIOSFODNN7EXAMPLE"
   */
  readonly accessKey?: pulumi.Input<string> | undefined;
  /**
   * Secret key of `accessKey`. Stored in a swarm secret, and as a secret in the state.
   * @example "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
   */
  readonly secretKey?: pulumi.Input<string> | undefined;
  /**
   * Session token of temporary keys. Stored in a swarm secret, and as a secret in the state. When
   * the keys expire, caches fail until you set new keys.
   * @example "FwoGZXIvYXdzEXAMPLETOKEN"
   */
  readonly sessionToken?: pulumi.Input<string> | undefined;
  /**
   * Whether gitlab-runner uses `accessKey` and `secretKey` or an instance role. By default
   * `access-key` if the keys are set, otherwise `iam`.
   * @example "access-key"
   */
  readonly authenticationType?: "access-key" | "iam" | undefined;
  /**
   * Puts the bucket into the path of URLs instead of the host name. By default `false` for the
   * servers of Amazon, Google and Alibaba, otherwise `true`.
   * @example true
   */
  readonly pathStyle?: boolean | undefined;
  /**
   * Uses the endpoints of Amazon that have IPv4 and IPv6 addresses. By default `true`. No effect
   * with `serverAddress`.
   * @example false
   */
  readonly dualStack?: boolean | undefined;
  /**
   * Uses Amazon's Transfer Acceleration, which the bucket must allow. By default `false`. No effect
   * with `serverAddress`. Rejected with `pathStyle` and with a bucket whose name contains a dot.
   * @example false
   */
  readonly accelerate?: boolean | undefined;
  /**
   * How the server encrypts the caches: `S3` with Amazon's own key, `KMS` or `DSSE-KMS` with a key
   * of KMS. By default, as the bucket is configured.
   * @example "KMS"
   */
  readonly serverSideEncryption?: "S3" | "KMS" | "DSSE-KMS" | undefined;
  /**
   * Key of KMS: its ID, its alias (`alias/NAME`) or its ARN. Requires `KMS` or `DSSE-KMS`.
   * @example "alias/runner-cache"
   */
  readonly serverSideEncryptionKeyId?: pulumi.Input<string> | undefined;
  /**
   * ARN of an IAM role that gitlab-runner assumes for each transfer. The job's helper container
   * gets temporary keys that are limited to one cache. Needed for caches of more than 5 GiB.
   * @example "arn:aws:iam::123456789012:role/runner-cache"
   */
  readonly roleArn?: pulumi.Input<string> | undefined;
  /**
   * ARN of an IAM role that gitlab-runner assumes for uploads only. No effect with `roleArn`.
   * gitlab-runner has deprecated it: use `roleArn`.
   * @example "arn:aws:iam::123456789012:role/runner-cache-upload"
   */
  readonly uploadRoleArn?: pulumi.Input<string> | undefined;
  /**
   * How many requests for a role may be open at once: 1 to 1000, or -1 for no limit. By default 5.
   * Rejected: 0, which gitlab-runner reads as its default.
   * @example 10
   */
  readonly assumeRoleMaxConcurrency?: number | undefined;
  /**
   * Requests a role again for each transfer instead of reusing its keys. By default `false`.
   * @example true
   */
  readonly disableAssumeRoleCredentialsCaching?: boolean | undefined;
}
