import { describe, expect, it } from "@jest/globals";
import { settingOf, type SettingKey } from "../../../../contract/settings/keys";
import { parseArgument, type SettingType } from "../../../../contract/settings/type";
import { gcsCredentials } from "../../../../contract/settings/types/gcs-credentials";
import {
  serverAddress as typed,
  type ServerAddress,
} from "../../../../contract/settings/types/server-address";
import { problemOf, readValue } from "../../../support/read-value";

/** Written values do not matter here. */
const serverAddress = typed as SettingType<unknown> as SettingType<ServerAddress>;

const PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";
const ACCOUNT_KEY = {
  type: "service_account",
  client_email: "ci@example.iam.gserviceaccount.com",
  private_key: PEM,
};
const LONG = "a".repeat(64);

/** Values that a setting accepts and rejects. */
const CASES: Readonly<
  Partial<
    Record<SettingKey, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>
  >
> = {
  "cache.type": { good: ["s3", "gcs", "azure"], bad: ["S3", "minio", "", "none", null, ["s3"]] },
  "cache.path": {
    good: ["ci", "ci/cache", "a.b/c_d-e", "..a"],
    bad: [
      "",
      "/ci",
      "ci/",
      "a//b",
      "..",
      "a/../b",
      "./a",
      "a b",
      "a?b",
      "ü",
      "a\n",
      "x".repeat(501),
    ],
  },
  "cache.shared": { good: [true, "false"], bad: ["yes", "", 1, null] },
  "cache.maxUploadedArchiveSize": {
    good: ["1k", "2g", "5t"],
    bad: ["", "0", "0b", "1000", 5000, "6t", "-1m", "two"],
  },
  "cache.s3.bucketName": {
    good: [
      ...["abc", "a-b.c", "123", "runner-cache", "a".repeat(63)],
      ...["example-express--usw2-az1--x-s3", "a-123456789012-s3alias", "a--ol-s3", "a.mrap"],
    ],
    bad: [
      ...["", "ab", LONG, "Bucket", "a_b", "-ab", "ab-", ".ab", "a..b", "10.0.0.1", "a b", "a/b"],
      ...["xn--a", "sthree-a", "amzn-s3-demo-a", "s3://abc", null],
    ],
  },
  "cache.gcs.bucketName": {
    good: ["abc", "a_b-c.d", `${"a".repeat(63)}.${"b".repeat(63)}`],
    bad: [
      "",
      "ab",
      LONG,
      "Bucket",
      "-ab",
      "ab_",
      "a..b",
      "10.0.0.1",
      "goog-a",
      "my-google",
      "gs://abc",
    ],
  },
  "cache.azure.containerName": {
    good: ["abc", "a-b-c", "123", "a".repeat(63)],
    bad: ["", "ab", LONG, "Abc", "a--b", "-ab", "ab-", "a_b", "a.b", "$root"],
  },
  "cache.azure.accountName": {
    good: ["abc", "devstoreaccount1", "a".repeat(24)],
    bad: ["", "ab", "a".repeat(25), "a-b", "Abc", "a.b", "abc.blob.core.windows.net"],
  },
  "cache.azure.accountKey": {
    good: ["c2VjcmV0", "c2VjcmV0cw==", `${"A".repeat(86)}==`],
    bad: [
      ...["", "secret", "QQ==", "QUI=", "c2VjcmV0=", "c2Vj cmV0", "QQ", "ä", "sv=2020&sig=abc"],
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=QQ==",
    ],
  },
  "cache.azure.storageDomain": {
    good: ["blob.core.windows.net", "blob.test:10000"],
    bad: [
      "",
      "https://blob.core.windows.net",
      "blob.core.windows.net/x",
      "a b",
      "a:0",
      "a:65536",
      ".a",
    ],
  },
  "cache.gcs.universeDomain": {
    good: ["apis.example.com"],
    bad: ["", "local", "a.b:1", "https://a.b"],
  },
  "cache.s3.bucketLocation": {
    good: ["eu-central-1", "auto", "US"],
    bad: ["", "eu central", "a_b", "-a"],
  },
  "cache.s3.accessKey": {
    good: ["AKIAIOSFODNN7EXAMPLE"],
    bad: ["", "ab", "a/b", "a b", "abc\n", "ä1234"],
  },
  "cache.s3.secretKey": {
    good: ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
    bad: ["", "short", "with a space", "with\nbreak", "ünicode-key"],
  },
  "cache.s3.serverSideEncryption": {
    good: ["S3", "KMS", "DSSE-KMS"],
    bad: ["", "kms", "AES256", "SSE-C"],
  },
  "cache.s3.serverSideEncryptionKeyId": {
    good: [
      "1234abcd-12ab-34cd-56ef-1234567890ab",
      "alias/runner",
      "arn:aws:kms:eu-west-1:123456789012:key/mrk-1",
      "arn:aws:kms:eu-west-1:123456789012:alias/a",
    ],
    bad: ["", "a b", "alias/", "arn:aws:s3:::bucket"],
  },
  "cache.s3.roleArn": {
    good: [
      "arn:aws:iam::123456789012:role/a/b",
      "arn:aws-cn:iam::123456789012:role/a",
      "arn:minio:iam:::role/x",
    ],
    bad: [
      "",
      "runner",
      "arn:aws:iam::123:role/a",
      "arn:aws:iam::123456789012:user/a",
      "arn:aws:s3:::a",
    ],
  },
  "cache.s3.authenticationType": { good: ["access-key", "iam"], bad: ["", "IAM", "keys"] },
  "cache.s3.assumeRoleMaxConcurrency": {
    good: [-1, 1, "10"],
    bad: [-2, 0, "0", 1001, "", "many", 1.5],
  },
};

describe("the settings of a cache", () => {
  const rows = Object.entries(CASES) as [SettingKey, { good: unknown[]; bad: unknown[] }][];

  it.each(rows.flatMap(([key, { good }]) => good.map((value) => [key, value] as const)))(
    "%s accepts %j",
    (key, value) => {
      const { type } = settingOf(key);
      const read = readValue(type, value);
      expect(readValue(type, type.format(read))).toEqual(read);
    },
  );

  it.each(rows.flatMap(([key, { bad }]) => bad.map((value) => [key, value] as const)))(
    "%s rejects %j",
    (key, value) => {
      expect(problemOf(settingOf(key).type, value)).toMatch(/^must /);
    },
  );
});

describe("the address of an S3 server", () => {
  it.each([
    ["minio.example.com", "minio.example.com", false],
    ["minio:9000", "minio:9000", false],
    ["https://minio.example.com/", "minio.example.com", false],
    ["http://10.0.0.5:9000", "10.0.0.5:9000", true],
    [" HTTP://minio ", "minio", true],
  ])("is parsed from %j", (text, host, plainHttp) => {
    expect(readValue(serverAddress, text)).toEqual({ host, plainHttp });
  });

  it.each(["http://minio:9000", "minio"])("does not change when it is parsed again: %s", (text) => {
    const parsed = readValue(serverAddress, text);
    expect(readValue(serverAddress, serverAddress.format(parsed))).toEqual(parsed);
    expect(parseArgument(serverAddress, parsed)).toEqual({ value: parsed });
  });

  it.each([
    ["minio.example.com/bucket", "without a path"],
    ["https://minio.example.com/bucket/", "without a path"],
    ["minio?x=1", "without a path"],
    ["user:password@minio", "a user or a password"],
    ["[::1]:9000", "IPv6"],
    ["fd00::1", "IPv6"],
    ["s3://bucket", "HOST[:PORT]"],
    ["minio:0", "HOST[:PORT]"],
    ["minio:65536", "HOST[:PORT]"],
    ["minio:", "HOST[:PORT]"],
    ["a b", "HOST[:PORT]"],
    ["", "HOST[:PORT]"],
    [9000, "HOST[:PORT]"],
    [null, "HOST[:PORT]"],
  ])("is not %j", (written, rule) => {
    expect(problemOf(serverAddress, written)).toContain(rule);
  });
});

describe("the credentials for Google Cloud Storage", () => {
  const text = JSON.stringify({ ...ACCOUNT_KEY, project_id: "p", private_key_id: "1" });

  it("are reduced to what gitlab-runner needs", () => {
    expect(JSON.parse(readValue(gcsCredentials, text))).toEqual(ACCOUNT_KEY);
    expect(readValue(gcsCredentials, ACCOUNT_KEY)).toBe(readValue(gcsCredentials, text));
  });

  it("become the ID and the key in config.toml, which no log may show", () => {
    const value = readValue(gcsCredentials, text);
    expect(gcsCredentials.toToml?.(value)).toBe(ACCOUNT_KEY.client_email);
    expect(gcsCredentials.toTomlBeside?.(value)).toEqual({ PrivateKey: PEM });
    expect(gcsCredentials.secretParts?.(value)).toEqual([value, PEM]);
  });

  it.each([
    ["", "must be the JSON key of a service account"],
    ["{}", "type must be service_account"],
    ["[]", "must be the JSON key of a service account"],
    ["/run/secrets/key.json", "must be the JSON key of a service account"],
    [JSON.stringify({ ...ACCOUNT_KEY, type: "authorized_user" }), "type must be service_account"],
    [JSON.stringify({ ...ACCOUNT_KEY, client_email: "" }), "client_email must be"],
    [JSON.stringify({ ...ACCOUNT_KEY, client_email: 5 }), "client_email must be"],
    [JSON.stringify({ ...ACCOUNT_KEY, private_key: "MIIE" }), "private_key must be one PEM"],
    [JSON.stringify({ ...ACCOUNT_KEY, private_key: undefined }), "private_key must be a string"],
    [btoa(JSON.stringify(ACCOUNT_KEY)), "not Base64"],
    [null, "must be the JSON key of a service account"],
  ])("are not %s", (written, rule) => {
    const problem = problemOf(gcsCredentials, written);
    expect(problem).toContain(rule);
    expect(problem).not.toContain("MIIE");
  });
});
