import type { SettingType } from "../type";
import { integer } from "./plain";
import { checkedString, matchingString } from "./string";

/** Object keys may contain other characters, but these need no quoting in any URL. */
const PATH = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

const MAX_PATH_LENGTH = 500;

/** A folder in a bucket. */
export const cachePath = checkedString("string", (path) => {
  if (path.startsWith("/") || path.endsWith("/")) {
    return "must not begin or end with a slash";
  }
  if (path.split("/").some((part) => part === "." || part === "..")) {
    return "must not contain . or .. as a folder";
  }
  return PATH.test(path) && path.length <= MAX_PATH_LENGTH
    ? undefined
    : `must be 1 to ${MAX_PATH_LENGTH} letters, digits, dots, hyphens, underscores and single slashes, such as ci/cache`;
});

/**
 * A key of an S3 server's user. It is part of signed URLs, so it is only an identifier. Amazon's
 * have at least 16 characters, and MinIO's at least 3.
 */
export const s3AccessKey = matchingString(
  "string",
  /^[\x21-\x2e\x30-\x7e]{3,256}$/,
  "must be an access key: 3 to 256 printable ASCII characters without spaces or slashes",
);

/** A secret key, or a session token. */
export const s3Secret = matchingString(
  "string",
  /^[\x21-\x7e]{8,8192}$/,
  "must be at least 8 printable ASCII characters without spaces",
);

/** The region of a bucket. Other servers than Amazon's have their own names. */
export const region = matchingString(
  "string",
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})$/,
  "must be the name of a region, such as eu-central-1",
);

/** The ARN of an IAM role. Servers other than Amazon's may have no account. */
export const roleArn = matchingString(
  "string",
  /^arn:[a-z0-9-]+:iam::(?:\d{12})?:role\/[\w+=,.@/-]{1,512}$/,
  "must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/runner-cache",
);

/** A KMS key: its ID, its alias or its ARN. */
export const kmsKeyId = matchingString(
  "string",
  /^(?:arn:[a-z0-9-]+:kms:[a-z0-9-]*:\d*:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|[\w-]{1,256})$/,
  "must be the ID, the alias (alias/NAME) or the ARN of a KMS key",
);

/** A number of open requests, or -1 for no limit. gitlab-runner reads 0 as its default. */
export function requestLimit(max: number): SettingType<number> {
  const type = integer(-1, max);
  const problem = `must be a whole number from 1 to ${max}, or -1 for no limit`;
  return {
    ...type,
    parse: (written) => {
      const parsed = type.parse(written);
      return "problem" in parsed || parsed.value === 0 ? { problem } : parsed;
    },
  };
}
