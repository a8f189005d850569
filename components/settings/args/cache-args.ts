import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../contract/settings/types/size";
import type { CacheS3Args } from "./cache-s3-args";

/** Object storage in which jobs keep their caches. */
export interface CacheArgs {
  /**
   * Kind of object storage: `s3` for Amazon S3 and compatible servers, `gcs` for Google Cloud
   * Storage, `azure` for Azure Blob Storage. By default, jobs keep their caches in a volume on the
   * node on which they run. Required with every other argument of `cache`.
   * @example "s3"
   */
  readonly type?: "s3" | "gcs" | "azure" | undefined;
  /**
   * Folder for the caches in the bucket. By default, they are in the folder `project`. Rejected: a
   * slash at the beginning or the end, `..`, and characters that need quoting in a URL.
   * @example "ci/cache"
   */
  readonly path?: string | undefined;
  /**
   * Whether runners with the same bucket and `path` share their caches. If `false`, the path of a
   * cache contains a part of the runner's token, so a new token begins with empty caches. By
   * default `true`.
   * @example false
   */
  readonly shared?: boolean | undefined;
  /**
   * Largest cache that is uploaded, from `1k` to `5t`. A larger one stays on the node, and the job
   * succeeds. In code, a number is a number of bytes. By default, there is no limit.
   * @example "2g"
   */
  readonly maxUploadedArchiveSize?: Size | number | undefined;
  /**
   * Omits the URLs of caches from the logs of jobs. By default `false`: a log shows the URL without
   * its signature.
   * @example true
   */
  readonly redactUrl?: boolean | undefined;
  /** Settings of `type: "s3"`. Rejected with other types. */
  readonly s3?: CacheS3Args | undefined;
  /** Settings of `type: "gcs"`. Rejected with other types. */
  readonly gcs?: CacheGcsArgs | undefined;
  /** Settings of `type: "azure"`. Rejected with other types. */
  readonly azure?: CacheAzureArgs | undefined;
}

/** Caches in Google Cloud Storage. */
export interface CacheGcsArgs {
  /**
   * Name of the bucket, which must exist.
   * @example "example-runner-cache"
   */
  readonly bucketName?: pulumi.Input<string> | undefined;
  /**
   * JSON key of a service account that can read and write objects in the bucket, as a string. Only
   * its `client_email` and `private_key` are stored, in a swarm secret, and as a secret in the
   * state. By default, the service account of the node. Rejected: keys of other types, Base64, and
   * a private key that is not PEM.
   * @example {
   *   type: "service_account",
   *   client_email: "ci@example.iam.gserviceaccount.com",
   *   private_key: "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
   * }
   */
  readonly credentials?: pulumi.Input<string> | undefined;
  /**
   * Domain of the Google cloud. By default `googleapis.com`.
   * @example "apis.example.com"
   */
  readonly universeDomain?: string | undefined;
}

/** Caches in Azure Blob Storage. */
export interface CacheAzureArgs {
  /**
   * Name of the storage account.
   * @example "examplecaches"
   */
  readonly accountName?: pulumi.Input<string> | undefined;
  /**
   * Key of the storage account, in Base64. Stored in a swarm secret, and as a secret in the state.
   * By default, the managed identity of the node. Rejected: a connection string and a shared access
   * signature.
   * @example "ZXhhbXBsZS1rZXktb2YtYS1zdG9yYWdlLWFjY291bnQ="
   */
  readonly accountKey?: pulumi.Input<string> | undefined;
  /**
   * Name of the container, which must exist.
   * @example "runner-cache"
   */
  readonly containerName?: pulumi.Input<string> | undefined;
  /**
   * Domain of the storage service, without the name of the account. By default
   * `blob.core.windows.net`.
   * @example "blob.core.usgovcloudapi.net"
   */
  readonly storageDomain?: string | undefined;
}
