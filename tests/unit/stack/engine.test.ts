import { describe, expect, it } from "@jest/globals";
import { checkCertificateDates } from "../../../components/settings/check-certificates";
import { readSettings } from "../../../runner-image/src/settings/settings";
import { TLS_SETTINGS } from "../../support/client-certificates";
import { CONFIG, problemsOf, warningsOf } from "./read";

const TCP = "tcp://docker.example.com:2376";

const {
  "docker.hostCa": hostCa,
  "docker.hostCert": hostCert,
  "docker.hostKey": hostKey,
} = TLS_SETTINGS;
const TLS = { hostCa, hostCert, hostKey };

/** Another valid key. */
const OTHER_KEY = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIPPDbkJoNGLhKmVgnWVfmBKIFpQ+PzBMDtKNfSi3MgbH
-----END PRIVATE KEY-----
`;

const withDocker = (docker: object, more: Readonly<Record<string, string>> = {}) => ({
  config: { ...CONFIG, docker: JSON.stringify(docker), ...more },
});

const problems = (docker: object, more?: Readonly<Record<string, string>>) =>
  problemsOf(withDocker(docker, more));

describe("the settings of an engine", () => {
  it.each([
    {},
    { host: "unix:///run/podman/podman.sock" },
    { host: TCP, ...TLS },
    // A file with Windows line endings, and one with the whole chain.
    { host: TCP, ...TLS, hostCert: hostCert.replaceAll("\n", "\r\n") },
    { host: TCP, ...TLS, hostCa: hostCa + hostCert, hostCert: hostCert + hostCa },
  ])("are valid together: %#", (docker) => {
    expect(warningsOf(withDocker(docker))).toEqual([]);
  });

  it.each<[string, object, readonly string[]]>([
    [
      "an engine on TCP without certificates",
      { host: TCP },
      [
        `\`docker.host\` (${TCP}) needs \`docker.hostCa\`, \`docker.hostCert\` and \`docker.hostKey\`: without certificates of both sides, everybody who reaches the engine's port is root on its machine`,
      ],
    ],
    [
      "an engine on TCP without the key",
      { host: TCP, hostCa, hostCert },
      [
        `\`docker.host\` (${TCP}) needs \`docker.hostKey\`: without certificates of both sides, everybody who reaches the engine's port is root on its machine`,
      ],
    ],
    [
      "certificates for a socket",
      { host: "unix:///run/docker.sock", ...TLS },
      [
        "`docker.hostCa`, `docker.hostCert` and `docker.hostKey` need `docker.host` with tcp://HOST:PORT, not `docker.host` (unix:///run/docker.sock): unset them, or set `docker.host`",
      ],
    ],
    [
      "a certificate without an address",
      { hostCert },
      [
        "`docker.hostCert` needs `docker.host` with tcp://HOST:PORT: unset it, or set `docker.host`",
      ],
    ],
    [
      "a key of another certificate",
      { host: TCP, ...TLS, hostKey: OTHER_KEY },
      [
        "`docker.hostKey` is not the key of the first certificate in `docker.hostCert`: set a certificate and the key that it was issued for",
      ],
    ],
    [
      "broken content",
      {
        host: TCP,
        hostCa: hostCa.replace("MII", "AAA"),
        hostCert: hostCert.replace("MII", "AAA"),
        hostKey: hostKey.replace("MIG", "AAA"),
      },
      [
        "`docker.hostCa` is PEM, but its content is not a valid certificate: copy the whole file again",
        "`docker.hostCert` is PEM, but its content is not a valid certificate: copy the whole file again",
        "`docker.hostKey` is PEM, but its content is not a valid private key: copy the whole file again",
      ],
    ],
    [
      "a loopback address",
      { host: "tcp://127.0.0.1:2376", ...TLS },
      [
        "`docker.host` (tcp://127.0.0.1:2376) must not be a loopback address, which leads back to the replica: use the host name or address at which the swarm's nodes reach the engine, or unix:///PATH for a socket on the node",
      ],
    ],
    [
      "the IPv6 loopback address",
      { host: "tcp://[::1]:2376", ...TLS },
      [expect.stringContaining("must not be a loopback address") as unknown as string],
    ],
  ])("are rejected: %s", (_, docker, expected) => {
    expect(problems(docker)).toEqual(expected);
  });

  it("are rejected for the shell executor, and never show the key", () => {
    const found = problems({ host: TCP, ...TLS }, { executor: "shell" });
    expect(found).toHaveLength(4);
    expect(found.join("\n")).not.toContain(hostKey.slice(40, 80));
  });

  it.each([
    ["a path instead of its content", "/etc/docker/key.pem"],
    ["a certificate", hostCert],
    ["an encrypted key", hostKey.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")],
    ["an empty string", ""],
  ])("are rejected if the key is %s, which is not shown", (_, text) => {
    const found = problems({ host: TCP, ...TLS, hostKey: text }).join("\n");
    expect(found).toContain("`docker.hostKey` must be one PEM private key");
    if (text.includes("-----")) expect(found).not.toContain(text.slice(40, 80));
  });

  it.each(["hostCa", "hostCert"])(
    "are rejected if %s is a private key, which neither the program nor a replica shows",
    (name) => {
      const rule =
        "must be one or more PEM certificates (-----BEGIN CERTIFICATE-----), not a private key: set it in `docker.hostKey`";
      expect(problems({ host: TCP, ...TLS, [name]: hostKey })).toEqual([
        `\`docker.${name}\` ${rule}`,
      ]);
      const variable = name === "hostCa" ? "RUNNER_DOCKER_HOST_CA" : "RUNNER_DOCKER_HOST_CERT";
      const env = { RUNNER_CI_URL: CONFIG.gitlabUrl, RUNNER_CI_TOKEN: CONFIG.token };
      expect(readSettings({ ...env, [variable]: hostKey }).problems).toEqual([
        `${variable} ${rule}`,
      ]);
    },
  );

  it("may be secrets in the stack config even if they are certificates", () => {
    const flat = { "docker.host": TCP, ...TLS_SETTINGS };
    const secretKeys = ["docker.hostCa", "docker.hostCert", "docker.hostKey"];
    expect(problemsOf({ config: { ...CONFIG, ...flat }, secretKeys })).toEqual([]);
  });

  it("are rejected once a certificate has expired", () => {
    const values: Readonly<Record<string, string>> = { "docker.host": TCP, ...TLS_SETTINGS };
    const check = (at: string) =>
      checkCertificateDates(
        {
          value: ((key: string) => values[key]) as never,
          name: (key) => `\`${key}\``,
        },
        Date.parse(at),
      ).problems;
    expect(check("2100-01-01")).toEqual([]);
    expect(check("2200-01-01")).toEqual([
      "`docker.hostCa`: the certificate of CN=test CA expired on 2126-11-05: set a valid certificate",
      "`docker.hostCert`: the certificate of CN=test client expired on 2126-11-05: set a valid certificate",
    ]);
  });

  it("are checked by the replica, too", () => {
    const env = {
      RUNNER_CI_URL: "https://gitlab.example.com",
      RUNNER_CI_TOKEN: "glrt-t1_0123456789",
      RUNNER_DOCKER_HOST: TCP,
    };
    expect(readSettings(env).problems).toEqual([
      `RUNNER_DOCKER_HOST (${TCP}) needs RUNNER_DOCKER_HOST_CA, RUNNER_DOCKER_HOST_CERT and RUNNER_DOCKER_HOST_KEY: without certificates of both sides, everybody who reaches the engine's port is root on its machine`,
    ]);
    const tls = {
      RUNNER_DOCKER_HOST_CA: hostCa,
      RUNNER_DOCKER_HOST_CERT: hostCert,
      RUNNER_DOCKER_HOST_KEY: hostKey,
    };
    expect(readSettings({ ...env, ...tls }).problems).toEqual([]);
    const wrong = readSettings({ ...env, ...tls, RUNNER_DOCKER_HOST_KEY: OTHER_KEY }).problems;
    expect(wrong).toEqual([expect.stringMatching(/^RUNNER_DOCKER_HOST_KEY is not the key of /)]);
  });
});
