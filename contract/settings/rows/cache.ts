import { boolean, oneOf } from "../types/plain";
import { size } from "../types/size";
import {
  azureAccountKey,
  azureAccountName,
  azureContainerName,
  gcsBucketName,
} from "../types/bucket";
import { cachePath } from "../types/cache-values";
import { gcsCredentials } from "../types/gcs-credentials";
import { storageDomain, universeDomain } from "../types/server-address";
import type { Setting } from "../setting";

/** The kinds of object storage in which gitlab-runner can keep caches. */
export const CACHE_TYPES = ["s3", "gcs", "azure"] as const;

const KIB = 1024;
const TIB = 1024 ** 4;

/** Where jobs keep their caches. The settings of S3 are in another file. */
export const CACHE_ROWS = {
  "cache.type": {
    topic: "Cache",
    type: oneOf(CACHE_TYPES),
    scope: "replica",
    toml: "runners.cache.Type",
    description:
      "Object storage in which jobs keep their caches: `s3` (Amazon S3 and compatible servers), `gcs` (Google Cloud Storage) or `azure` (Azure Blob Storage). Default: a volume on each node.",
  },
  "cache.path": {
    topic: "Cache",
    type: cachePath,
    scope: "replica",
    toml: "runners.cache.Path",
    description: "Folder for the caches in the bucket. Default: none.",
  },
  "cache.shared": {
    topic: "Cache",
    type: boolean,
    scope: "replica",
    toml: "runners.cache.Shared",
    description:
      "Whether runners with the same bucket and `cache.path` share their caches. With `false`, each token has its own caches, so a new token begins with empty ones. Default: `true`.",
  },
  "cache.maxUploadedArchiveSize": {
    topic: "Cache",
    type: { ...size(KIB, 5 * TIB), toToml: (bytes: number) => bytes },
    scope: "replica",
    toml: "runners.cache.MaxUploadedArchiveSize",
    description: "Largest cache that is uploaded. Default: no limit.",
  },
  "cache.redactUrl": {
    topic: "Cache",
    type: boolean,
    scope: "replica",
    toml: "runners.cache.RedactURL",
    description: "Whether the logs of jobs omit the URLs of caches. Default: `false`.",
  },
  "cache.gcs.bucketName": {
    topic: "Cache",
    type: gcsBucketName,
    scope: "replica",
    input: true,
    toml: "runners.cache.gcs.BucketName",
    description: "Bucket. Required with `cache.type: gcs`.",
  },
  "cache.gcs.credentials": {
    topic: "Cache",
    type: gcsCredentials,
    scope: "replica",
    secret: true,
    toml: "runners.cache.gcs.AccessID",
    description:
      "JSON key of a service account that can read and write the bucket. Default: the service account of the node.",
  },
  "cache.gcs.universeDomain": {
    topic: "Cache",
    type: universeDomain,
    scope: "replica",
    toml: "runners.cache.gcs.UniverseDomain",
    description: "Domain of the Google cloud. Default: `googleapis.com`.",
  },
  "cache.azure.accountName": {
    topic: "Cache",
    type: azureAccountName,
    scope: "replica",
    input: true,
    toml: "runners.cache.azure.AccountName",
    description: "Storage account. Required with `cache.type: azure`.",
  },
  "cache.azure.accountKey": {
    topic: "Cache",
    type: azureAccountKey,
    scope: "replica",
    secret: true,
    toml: "runners.cache.azure.AccountKey",
    description: "Key of the storage account. Default: the managed identity of the node.",
  },
  "cache.azure.containerName": {
    topic: "Cache",
    type: azureContainerName,
    scope: "replica",
    input: true,
    toml: "runners.cache.azure.ContainerName",
    description: "Container of the storage account. Required with `cache.type: azure`.",
  },
  "cache.azure.storageDomain": {
    topic: "Cache",
    type: storageDomain,
    scope: "replica",
    toml: "runners.cache.azure.StorageDomain",
    description: "Domain of the storage service. Default: `blob.core.windows.net`.",
  },
} as const satisfies Record<string, Setting>;
