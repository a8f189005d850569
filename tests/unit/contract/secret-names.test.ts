import { describe, expect, it } from "@jest/globals";
import { isNamedLikeSecret, isSecretName } from "../../../contract/secret-names";

describe("the name of a secret", () => {
  it.each([
    ...["DB_PASS", "DB_PASSWORD", "MYSQL_PWD", "PGPASSWORD", "PASSWORD_1", "GH_PAT", "GITLAB_PAT"],
    ...["APP_CRED", "DB_CREDS", "PASSWORT"],
    ...["DEPLOY_KEY", "SSH_KEY", "MY_KEY", "KEY", "ENCRYPTION_KEY", "API_KEY_2", "DATADOG_APIKEY"],
    ...[
      "AWS_ACCESS_KEY_ID",
      "AccountKey",
      "SecretKey",
      "AccessID",
      "npm_config__auth",
      "CI_JOB_JWT",
    ],
    ...[
      "SLACK_WEBHOOK_URL",
      "DOCKER_AUTH_CONFIG",
      "SESSION_COOKIE",
      "SENTRY_DSN",
      "vault.secret-id",
    ],
    ...["BASIC_AUTH_HEADER", "KEY_PROD", "JWT_1"],
  ])("is recognized: %s", (name) => {
    expect(isSecretName(name)).toBe(true);
    expect(isNamedLikeSecret(name, "hunter2")).toBe(true);
  });

  it.each([
    ...["PWD", "OLDPWD", "CI_COMMIT_AUTHOR", "GIT_AUTHOR_NAME", "KEYBOARD", "SSH_AUTH_SOCK"],
    ...["CACHE_KEY", "SSH_PUBLIC_KEY", "KEY_FILE", "CredentialsFile", "TOKEN_PATH", "SECRET_NAME"],
    ...["ServerSideEncryptionKeyID", "AuthenticationType", "MONKEY", "COMPASS_URL", "PATH"],
    ...["AUTH_MODE", "AUTH_URL", "KEY_PREFIX", "AUTHOR", "PATTERN", "npm_config_registry"],
  ])("is not recognized in %s", (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  it.each(["", "true", "off", "60", "$CI_JOB_TOKEN", "${TOKEN}", "a$B", "Bearer $A", "$A:$B"])(
    "does not make %j a secret",
    (value) => {
      expect(isNamedLikeSecret("A_TOKEN", value)).toBe(false);
    },
  );

  it.each([
    ...["hunter2", "1234", "pa$$word", "pre$fixed-and-more", "Tr0ub$dor&3x", "corr$horse$battery"],
    ...[
      "s.$x9Kd8sLq0PzMw6Yv",
      "$ecret",
      "P!@#$W0RD",
      "$Ecret",
      "$1abc",
      "${NAME:-hunter2}",
      "pw12$A",
    ],
  ])("makes %j a secret", (value) => {
    expect(isNamedLikeSecret("A_TOKEN", value)).toBe(true);
  });
});
