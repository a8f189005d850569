import { MIN_SECRET_LENGTH } from "../../redact";
import { checkedString } from "./string";

/** Four numbers with dots, which no bucket may be named. */
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** An S3 bucket name, or the alias of an access point. Each rule is one of Amazon's. */
export const s3BucketName = checkedString("bucket name", (name) => {
  const allowed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  if (!allowed || IPV4.test(name)) {
    return "must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends, and not an IP address";
  }
  return /^(?:xn--|sthree-|amzn-s3-demo-)/.test(name)
    ? "must be the name of an S3 bucket, without a prefix that Amazon reserves: xn--, sthree- or amzn-s3-demo-"
    : undefined;
});

const MAX_DOTTED_LENGTH = 222;

/** A bucket name of Google Cloud Storage. */
export const gcsBucketName = checkedString("bucket name", (name) => {
  const labels = name.split(".");
  const allowed =
    /^[a-z0-9][a-z0-9._-]*[a-z0-9]$/.test(name) &&
    name.length >= 3 &&
    name.length <= MAX_DOTTED_LENGTH &&
    labels.every((label) => label !== "" && label.length <= 63);
  if (!allowed || IPV4.test(name)) {
    return "must be the name of a Google Cloud Storage bucket: 3 to 63 lower-case letters, digits, hyphens and underscores (more with dots), with a letter or digit at both ends, and not an IP address";
  }
  return /^goog|google|g00gle/.test(name)
    ? "must be the name of a Google Cloud Storage bucket, which must not begin with goog or contain google"
    : undefined;
});

/** A container name of Azure Blob Storage. */
export const azureContainerName = checkedString("container name", (name) =>
  /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
    ? undefined
    : "must be the name of an Azure container: 3 to 63 lower-case letters, digits and single hyphens, with a letter or digit at both ends",
);

/** The name of an Azure storage account. */
export const azureAccountName = checkedString("account name", (name) =>
  /^[a-z0-9]{3,24}$/.test(name)
    ? undefined
    : "must be the name of an Azure storage account: 3 to 24 lower-case letters and digits",
);

/**
 * The key of an Azure storage account, which signs requests after it has been decoded. Azure's have
 * 88 characters, and compatible servers accept any Base64. A shorter key would not be redacted.
 */
export const azureAccountKey = checkedString("string", (key) => {
  if (/^DefaultEndpointsProtocol=|AccountKey=/i.test(key)) {
    return "must be the account key alone, not the connection string";
  }
  if (/(?:^|[?&])sig=/.test(key)) return "must be the account key, not a shared access signature";
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(key)) {
    return "must be the account key in Base64, as Azure shows it";
  }
  return key.length >= MIN_SECRET_LENGTH
    ? undefined
    : `must be the account key in Base64, which has at least ${MIN_SECRET_LENGTH} characters`;
});
