import { describe, expect, it } from "@jest/globals";
import { SETTING_KEYS, settingOf } from "../../../../contract/settings/keys";
import { looksSecret } from "../../../../tools/import-config/find-secrets";
import { importConfig, secretsIn } from "../../../support/import-config";

const RUNNER = `[[runners]]
name = "builds"
url = "https://gitlab.example.com"
token = "glrt-t1_0123456789"
executor = "docker"
`;

/** Secrets without a form that gives them away. */
const [ONE, TWO] = ["s3cRet-zQ9xW-one", "s3cRet-zQ9xW-two"];

/** A config.toml with secrets, and where they are. */
const LEAKS: readonly (readonly [place: string, toml: string])[] = [
  ["a token whose key has other case", `[[Runners]]\nTOKEN = "${ONE}"\nexecutor = "docker"`],
  ["quoted keys", `[["runners"]]\n"token" = "${ONE}"\n"unknown" = "${TWO}"\nexecutor = "docker"`],
  [
    "dotted keys",
    `${RUNNER}docker.container_labels.accesskey = "${ONE}"\ncache.s3.SecretKey = "${TWO}"`,
  ],
  [
    "inline tables",
    `${RUNNER}docker = { container_labels = { deploy_key = "${ONE}" }, log_options = { "splunk-token" = "${TWO}" } }`,
  ],
  [
    "names of runners",
    `${RUNNER}[[runners]]\nname = "${ONE}"\ntoken = "${ONE}"\nexecutor = "docker"`,
  ],
  ["variables without a name", `${RUNNER}environment = ["${ONE}", "https://u:${TWO}@h/?a=b"]`],
  [
    "URLs",
    `${RUNNER}environment = ["A=https://u:${ONE}@h/simple", "B=https://${TWO}@h"]\nclone_url = "https://u:${ONE}@h"`,
  ],
  [
    "the logins of registries",
    `${RUNNER}environment = ['A={"auths":{"r":{"auth":"${ONE}"}}}', 'B={"auths":{"r":{"username":"u","password":"${TWO}"}}}']`,
  ],
  [
    "passwords with dollar signs",
    `${RUNNER}environment = ["DB_PASSWORD=${ONE}$$1", "B=https://u:${TWO}$$1@h"]`,
  ],
  [
    "passwords with words after dollar signs",
    `${RUNNER}environment = ["DB_PASSWORD=$${ONE}", "A=https://u:$${TWO}@h", "B=password=$${ONE}"]\npre_build_script = "docker login -p '$${TWO}' r"`,
  ],
  ["a private key", `${RUNNER}environment = ["""A=-----BEGIN PRIVATE KEY-----\n${ONE}\n"""]`],
  [
    "scripts",
    `${RUNNER}pre_build_script = """\nset -eu\nexport FOO_TOKEN=${ONE}\n"""\npost_build_script = "docker login -u ci -p ${TWO} r"`,
  ],
  [
    "services",
    `${RUNNER}[[runners.docker.services]]\nname = "redis"\ncommand = ["--requirepass", "${ONE}"]\nenvironment = ["PGPASSWORD=${TWO}"]`,
  ],
  [
    "labels",
    `[labels]\napi_key = "${ONE}"\n${RUNNER}[runners.labels]\n"vault.secret-id" = "${TWO}"`,
  ],
  [
    "the template",
    `${RUNNER}step_runner_image = "https://u:${ONE}@h/i"\n[runners.docker]\nvolume_driver_ops = { secret_id = "${TWO}" }`,
  ],
  [
    "runners that are not imported",
    `[[runners]]\nexecutor = "kubernetes"\ntoken = "${ONE}"\n[runners.kubernetes]\nbearer_token = "${TWO}"\n${RUNNER}environment = ["COPY=${TWO}"]\n[runners.docker]\nhostname = "${ONE}"`,
  ],
  [
    "keys and tables of the wrong type",
    `${RUNNER}environment = { DB_PASSWORD = "${ONE}" }\n[runners.cache]\ns3 = "${TWO}"\n[runners.docker]\nvolumes = "https://u:${TWO}@h"`,
  ],
  ["unknown places", `api_key = "${ONE}"\n${RUNNER}[runners.vault]\nsecret_id = "${TWO}"`],
  [
    "the parts of a name in quotes",
    `${RUNNER}"docker.hostname" = "${ONE}"\n"cache.key" = "${TWO}"`,
  ],
];

describe("secrets in a config.toml", () => {
  it.each(LEAKS)("are not printed from %s", async (_place, toml) => {
    const { printed, complained } = await importConfig(toml);
    const output = `${printed}${complained}`.toLowerCase();
    expect(output).toContain("pulumi config set --secret token");
    expect([ONE, TWO].filter((secret) => output.includes(secret.toLowerCase()))).toEqual([]);
  });

  it("are not printed, wherever they are, and become secret settings", async () => {
    const secrets = [
      "glrt-t1_0123456789",
      "https://0a1b2c3d4e@sentry.example.com/4",
      "AKIAIOSFODNN7EXAMPLE",
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "session-token-of-s3",
      "YWNjb3VudC1rZXktb2YtYXp1cmU=",
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
      "npm_0123456789abcdefghijklmnopqrstuvwxyz",
      "hunter2hunter2",
      "user-password-of-cifs",
      "glpat-0123456789abcdefgh",
      "clone-password",
      "oauth2-secret",
      "ghp_0123456789abcdefghij0123",
    ];
    const { printed, complained } = await importConfig(`sentry_dsn = "${secrets[1] ?? ""}"
${RUNNER}clone_url = "https://user:${secrets[11] ?? ""}@gitlab.example.com"
environment = ["NPM=${secrets[7] ?? ""}", "DEPLOY_PASSWORD=${secrets[8] ?? ""}", "OPEN=yes"]
pre_build_script = "git config url.https://oauth2:${secrets[12] ?? ""}@example.com"
step_runner_image = "${secrets[10] ?? ""}"
unknown = "${secrets[13] ?? ""}"
[runners.cache.s3]
AccessKey = "${secrets[2] ?? ""}"
secretkey = "${secrets[3] ?? ""}"
SessionToken = "${secrets[4] ?? ""}"
[runners.cache.azure]
AccountKey = "${secrets[5] ?? ""}"
[runners.cache.gcs]
PrivateKey = "-----BEGIN PRIVATE KEY-----\\n${secrets[6] ?? ""}\\n"
[runners.docker]
allowed_images = ["https://user:${secrets[11] ?? ""}@registry/*"]
volume_driver_ops = { o = "username=u,password=${secrets[9] ?? ""}" }
[runners.docker.container_labels]
api_token = "${secrets[8] ?? ""}"
`);
    expect(secrets.filter((secret) => printed.includes(secret))).toEqual([]);
    expect(secrets.filter((secret) => complained.includes(secret))).toEqual([]);
    expect(secretsIn(printed)).toEqual(
      expect.arrayContaining([
        "token",
        "sentryDsn",
        "secretEnvironment.NPM",
        "secretEnvironment.DEPLOY_PASSWORD",
      ]),
    );
    expect(printed).toContain("OPEN: yes");
  });

  it("become secret variables, and other variables do not", async () => {
    const open = [
      "IMAGE=node:22",
      "DEPLOY_TOKEN=$CI_JOB_TOKEN",
      "KEY_FILE=/run/key",
      "TOKEN_TTL=60",
    ];
    const secret = [
      "DB_PASS=hunter2!",
      "HOOK=https://hooks.slack.com/services/T0/B0/x",
      "X=aB3dE5fG7hI9kL1mN3pQ",
    ];
    const { printed } = await importConfig(
      `${RUNNER}environment = ${JSON.stringify([...open, ...secret])}`,
    );
    for (const entry of open)
      expect(printed).toContain(`    ${entry.replace(/=(60)$/, '="$1"').replace("=", ": ")}\n`);
    expect(secretsIn(printed)).toEqual([
      "token",
      "secretEnvironment.DB_PASS",
      "secretEnvironment.HOOK",
      "secretEnvironment.X",
    ]);
  });

  it("are not redacted inside other words if they are common words", async () => {
    const { printed } = await importConfig(
      `${RUNNER}environment = ["POSTGRES_PASSWORD=postgres"]\n[runners.docker]\nimage = "postgres:17"`,
    );
    expect(printed).toContain("jobImage: postgres:17\n");
  });

  it("remove a setting that contains the secret of another key", async () => {
    const { code, printed } = await importConfig(
      `${RUNNER}environment = ["DB_PASSWORD=${ONE}"]\n[runners.docker.container_labels]\nbuild = "x-${ONE}"`,
    );
    expect(printed).not.toContain("containerLabels:");
    expect(printed).toContain(
      "#   `docker.containerLabels` contains a text that is a secret elsewhere in the file, so it is not printed: set it without the secret\n",
    );
    expect(code).toBe(1);
  });
});

describe("looksSecret", () => {
  it.each([
    ["x", "curl -H 'PRIVATE-TOKEN: abc' https://h"],
    ["x", "docker login --username ci --password hunter2 r"],
    ["x", "helm registry login r -u u -p hunter2"],
    ["x", "echo hunter2 | docker login --password-stdin -u u r"],
    ["x", "curl -H PRIVATE-TOKEN:abc https://h"],
    ["x", "password: hunter2"],
    ["x", "export AWS_SECRET_ACCESS_KEY=abc"],
    ["x", '{\\"password\\":\\"x\\"}'],
    ["x", "machine h login ci password hunter2"],
    ["x", "curl -sS --user user:pw h"],
    ["x", "sshpass -p hunter2 ssh h"],
    ["x", "mysql -u root -phunter2"],
    ["x", "Authorization: Bearer abc"],
    ["x", "//registry.npmjs.org/:_authToken=abc"],
    ["x", "https://abcdef@h/x"],
    ["x", "redis://:hunter2@h"],
    ["MYSQL_PWD", "hunter2"],
    ["DOCKER_AUTH_CONFIG", "{}"],
    ["AWS_ACCESS_KEY_ID", "abc"],
    ["SLACK_WEBHOOK_URL", "https://h/x"],
    ["token", "pre$fixed-and-more"],
    ["x", "https://u:$w0rd@h"],
    ["x", "Server=db;Password=$ecret1;"],
    ["x", "docker login -u ci -p '$ecret' r"],
    ["x", "export TOKEN=${TOKEN:-hunter2}"],
    ["x", "mysql -pcorr$horse$battery"],
  ])("recognizes %s %j", (name, value) => {
    expect(looksSecret(name, value)).toBe(true);
  });

  it.each([
    ["x", 'docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY'],
    ["x", "echo $P | docker login --password-stdin -u u registry"],
    ["x", "git clone https://oauth2:${TOKEN}@h/x"],
    ["x", "export TOKEN=$CI_JOB_TOKEN"],
    ["x", "export PATH=/opt/tools/bin:$PATH"],
    ["x", 'docker login -u ci -p "$password" r'],
    ["x", "export TOKEN=$(cat /run/token)"],
    ["x", "export TOKEN=${TOKEN:?is missing} SECRET=${SECRET:-} KEY=$1"],
    ["x", 'curl -u "$U:$P" https://h'],
    ["x", "https://registry:4873/@scope"],
    ["x", "ssh://git@h/x"],
    ["allowed_images", ["registry.example.com/security/secrets:*", "vault/token-broker:1.2"]],
    ["volumes", ["/srv/secrets:/run/secrets:ro"]],
    ["x", "echo $PASSWORD | docker login --password-stdin -u u r"],
    ["ServerSideEncryptionKeyID", "alias/key"],
    ["AuthenticationType", "access-key"],
    ["CredentialsFile", "/etc/key.json"],
    ["DEPLOY_TOKEN", "${CI_JOB_TOKEN}"],
    ["volumes", ["/var/run/docker.sock:/var/run/docker.sock", "/cache"]],
  ])("ignores %s %j", (name, value) => {
    expect(looksSecret(name, value)).toBe(false);
  });

  it("recognizes the key of every secret setting by its name", () => {
    const names = SETTING_KEYS.filter((key) => settingOf(key).secret === true).flatMap(
      (key) => settingOf(key).toml?.split(".").at(-1) ?? [],
    );
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !looksSecret(name, "abcdef"))).toEqual([]);
  });

  it("takes little time for a long text", () => {
    const started = performance.now();
    for (const part of ["=", "token", "a-", "login ", "https://", "aA1", "mysql "]) {
      looksSecret("x", part.repeat(20_000));
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
