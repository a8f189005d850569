import { besides, setting, unfit, type KeysIn, type KeyUse } from "../key-use";

/** Keys of `[runners.cache]`. */
export const CACHE_KEYS = {
  MaxUploadedArchiveSize: setting("cache.maxUploadedArchiveSize"),
  Path: setting("cache.path"),
  RedactURL: setting("cache.redactUrl"),
  Shared: setting("cache.shared"),
  Type: setting("cache.type"),
  "azure.AccountKey": setting("cache.azure.accountKey"),
  "azure.AccountName": setting("cache.azure.accountName"),
  "azure.ContainerName": setting("cache.azure.containerName"),
  "azure.StorageDomain": setting("cache.azure.storageDomain"),
  // The service account's credentials contain the ID and the key.
  "gcs.AccessID": setting("cache.gcs.credentials"),
  "gcs.BucketName": setting("cache.gcs.bucketName"),
  "gcs.CredentialsFile": unfit(
    "The file would have to exist in every replica; set `cache.gcs.credentials` to its content.",
  ),
  "gcs.PrivateKey": besides("cache.gcs.credentials"),
  "gcs.UniverseDomain": setting("cache.gcs.universeDomain"),
  "s3.Accelerate": setting("cache.s3.accelerate"),
  "s3.AccessKey": setting("cache.s3.accessKey"),
  "s3.AssumeRoleMaxConcurrency": setting("cache.s3.assumeRoleMaxConcurrency"),
  "s3.AuthenticationType": setting("cache.s3.authenticationType"),
  "s3.BucketLocation": setting("cache.s3.bucketLocation"),
  "s3.BucketName": setting("cache.s3.bucketName"),
  "s3.DisableAssumeRoleCredentialsCaching": setting("cache.s3.disableAssumeRoleCredentialsCaching"),
  "s3.DualStack": setting("cache.s3.dualStack"),
  // It becomes `http://` in the server's address.
  "s3.Insecure": besides("cache.s3.serverAddress"),
  "s3.PathStyle": setting("cache.s3.pathStyle"),
  "s3.RoleARN": setting("cache.s3.roleArn"),
  "s3.SecretKey": setting("cache.s3.secretKey"),
  "s3.ServerAddress": setting("cache.s3.serverAddress"),
  "s3.ServerSideEncryption": setting("cache.s3.serverSideEncryption"),
  "s3.ServerSideEncryptionKeyID": setting("cache.s3.serverSideEncryptionKeyId"),
  "s3.SessionToken": setting("cache.s3.sessionToken"),
  "s3.UploadRoleARN": setting("cache.s3.uploadRoleArn"),
} satisfies Record<KeysIn<"runners.cache">, KeyUse>;
