import { planned, TEMPLATE, type KeysIn, type KeyUse } from "../key-use";

/** Keys of `[runners.cache]`. */
export const CACHE_KEYS = {
  MaxUploadedArchiveSize: planned("cache.maxUploadedArchiveSize"),
  Path: planned("cache.path"),
  RedactURL: TEMPLATE,
  Shared: planned("cache.shared"),
  Type: planned("cache.type"),
  "azure.AccountKey": planned("cache.azure.accountKey"),
  "azure.AccountName": planned("cache.azure.accountName"),
  "azure.ContainerName": planned("cache.azure.containerName"),
  "azure.StorageDomain": planned("cache.azure.storageDomain"),
  // The service account's credentials contain both.
  "gcs.AccessID": planned("cache.gcs.credentials"),
  "gcs.BucketName": planned("cache.gcs.bucketName"),
  "gcs.CredentialsFile": planned("cache.gcs.credentials"),
  "gcs.PrivateKey": planned("cache.gcs.credentials"),
  "gcs.UniverseDomain": TEMPLATE,
  "s3.Accelerate": TEMPLATE,
  "s3.AccessKey": planned("cache.s3.accessKey"),
  "s3.AssumeRoleMaxConcurrency": TEMPLATE,
  "s3.AuthenticationType": TEMPLATE,
  "s3.BucketLocation": planned("cache.s3.bucketLocation"),
  "s3.BucketName": planned("cache.s3.bucketName"),
  "s3.DisableAssumeRoleCredentialsCaching": TEMPLATE,
  "s3.DualStack": TEMPLATE,
  // It becomes `http://` in the server's address.
  "s3.Insecure": planned("cache.s3.serverAddress"),
  "s3.PathStyle": planned("cache.s3.pathStyle"),
  "s3.RoleARN": planned("cache.s3.roleArn"),
  "s3.SecretKey": planned("cache.s3.secretKey"),
  "s3.ServerAddress": planned("cache.s3.serverAddress"),
  "s3.ServerSideEncryption": planned("cache.s3.serverSideEncryption"),
  "s3.ServerSideEncryptionKeyID": planned("cache.s3.serverSideEncryptionKeyId"),
  "s3.SessionToken": TEMPLATE,
  "s3.UploadRoleARN": planned("cache.s3.uploadRoleArn"),
} satisfies Record<KeysIn<"runners.cache">, KeyUse>;
