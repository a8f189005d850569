import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { checkCertificateDates } from "../../../components/settings/check-certificates";
import { TLS_SETTINGS } from "../../support/client-certificates";
import { certificatePath, readCertificate } from "../../support/gitlab-certificates";
import { CONFIG, problemsOf, settingsOf, warningsOf } from "./read";

const CA = readCertificate("ca.pem");
const CLIENT = readCertificate("client.pem");
const KEY = readCertificate("client.key");

const ALL = { caCertificate: CA, clientCertificate: CLIENT, clientKey: KEY };

type Config = Readonly<Record<string, string>>;

const problems = (config: Config) => problemsOf({ config: { ...CONFIG, ...config } });
const warnings = (config: Config) => warningsOf({ config: { ...CONFIG, ...config } });

/** Lists the certificates and keys that an additional pool has. */
function certificatesOf(pools: object): readonly string[] {
  const config = { ...CONFIG, ...ALL, pools: JSON.stringify(pools) };
  const { additionalPools } = settingsOf({ config, env: {} });
  return Object.keys(ALL).filter((key) => additionalPools.every(({ args }) => key in args));
}

/** A line of a PEM, which no message may show. */
const lineOf = (pem: string) => pem.split("\n")[1] ?? "";

describe("the certificates for GitLab", () => {
  it("are explained if a file is not PEM but DER", () => {
    const folder = mkdtempSync(join(tmpdir(), "certificates-"));
    try {
      const file = join(folder, "ca.der");
      writeFileSync(file, new X509Certificate(CA).raw);
      expect(problems({ ...ALL, caCertificate: `@${file}`, clientKey: `@${file}` })).toEqual([
        expect.stringContaining(
          "is not text in UTF-8: convert DER with `openssl x509 -inform der -in FILE`, and PKCS#12 with `openssl pkcs12 -nodes -nokeys -in FILE`",
        ),
        expect.stringContaining(
          "is not text in UTF-8: convert DER with `openssl pkey -inform der -in FILE`, and PKCS#12 with `openssl pkcs12 -nodes -nocerts -in FILE`",
        ),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each<[string, Config]>([
    ["a CA", { caCertificate: CA }],
    ["a CA that another CA issued", { caCertificate: readCertificate("intermediate.pem") }],
    ["a chain", { caCertificate: readCertificate("server.pem") + CA }],
    ["a client's certificate and its key", ALL],
    ["a client's certificate with its chain", { ...ALL, clientCertificate: CLIENT + CA }],
    [
      "files",
      {
        caCertificate: `@${certificatePath("ca.pem")}`,
        clientCertificate: `@${certificatePath("client.pem")}`,
        clientKey: `@${certificatePath("client.key")}`,
      },
    ],
    ["a certificate with text around it", { caCertificate: `subject=CN = a\r\n${CA}\n` }],
  ])("may be %s", (_, config) => {
    expect(warnings(config)).toEqual([]);
  });

  it("may be secrets, although a certificate is public", () => {
    expect(problemsOf({ config: { ...CONFIG, ...ALL }, secretKeys: Object.keys(ALL) })).toEqual([]);
  });

  it("are reported as readable secrets only if the config contains the key", () => {
    const found = (clientKey: string) =>
      warningsOf({ config: { ...CONFIG, ...ALL, clientKey }, secretKeys: ["token"] });
    expect(found(KEY)).toEqual([expect.stringContaining("`clientKey` is a secret, but")]);
    expect(found(`@${certificatePath("client.key")}`)).toEqual([]);
  });

  it.each<[string, Config, readonly string[]]>([
    [
      "a private key instead of a certificate",
      { caCertificate: KEY },
      [
        "`caCertificate` must be one or more PEM certificates (-----BEGIN CERTIFICATE-----), not a private key: set it in `clientKey`",
      ],
    ],
    [
      "a certificate instead of a key",
      { clientCertificate: CLIENT, clientKey: CLIENT },
      [
        "`clientKey` must be one PEM private key (-----BEGIN PRIVATE KEY-----), not a certificate: set it in `clientCertificate`",
      ],
    ],
    [
      "a key with a passphrase",
      { clientCertificate: CLIENT, clientKey: readCertificate("encrypted.key") },
      [
        "`clientKey` must be one PEM private key (-----BEGIN PRIVATE KEY-----) without a passphrase: write such a key with `openssl pkey -in KEY -out NEW`",
      ],
    ],
    [
      "a key that gitlab-runner does not support",
      { clientCertificate: CLIENT, clientKey: readCertificate("unsupported.key") },
      [
        "`clientKey` must be a key that gitlab-runner supports: set an RSA key, an EC key on a NIST curve, or an Ed25519 key",
      ],
    ],
    [
      "a key of another certificate",
      { clientCertificate: CA, clientKey: KEY },
      [
        "`clientKey` is not the key of the first certificate in `clientCertificate`: set a certificate and the key that it was issued for",
      ],
    ],
    [
      "a certificate without its key",
      { clientCertificate: CLIENT },
      ["`clientCertificate` needs `clientKey`: set both or neither"],
    ],
    [
      "a key without its certificate",
      { clientKey: KEY },
      ["`clientKey` needs `clientCertificate`: set both or neither"],
    ],
    [
      "damaged contents",
      {
        caCertificate: CA.replace("MII", "AAA"),
        clientCertificate: CLIENT.replace("MII", "AAA"),
        clientKey: KEY.replace("MIG", "AAA"),
      },
      [
        "`caCertificate` is PEM, but its content is not a valid certificate: copy the whole file again",
        "`clientCertificate` is PEM, but its content is not a valid certificate: copy the whole file again",
        "`clientKey` is PEM, but its content is not a valid private key: copy the whole file again",
      ],
    ],
    [
      "a GitLab without TLS",
      { ...ALL, gitlabUrl: "http://gitlab.example.com" },
      [
        "`caCertificate`, `clientCertificate` and `clientKey` need a GitLab with https, but `gitlabUrl` (http://gitlab.example.com) has http: set the https address of GitLab, or unset them",
      ],
    ],
    [
      "an expired CA",
      { caCertificate: readCertificate("expired.pem") },
      [
        "`caCertificate`: the certificate of CN=Example former CA expired on 2026-11-28: set a valid certificate",
      ],
    ],
    [
      "a file that does not exist",
      { caCertificate: "@missing.pem" },
      [
        expect.stringMatching(
          /^`caCertificate` must name a file, but .*missing.pem does not exist/,
        ) as unknown as string,
      ],
    ],
    [
      "too many certificates",
      { caCertificate: CA.repeat(120) },
      [expect.stringMatching(/^`caCertificate` must be at most 65536 bytes/) as unknown as string],
    ],
    [
      "too many bytes, although there are fewer characters",
      { caCertificate: `${"ü".repeat(40_000)}\n${CA}` },
      [
        expect.stringMatching(
          /^`caCertificate` must be at most 65536 bytes; it has \d{5}: remove comments, /,
        ) as unknown as string,
      ],
    ],
  ])("are rejected, and not shown: %s", (_, config, expected) => {
    const found = problems(config);
    expect(found).toEqual(expected);
    for (const pem of Object.values(config)) {
      if (lineOf(pem) !== "") expect(found.join("\n")).not.toContain(lineOf(pem));
    }
  });

  it("are all reported at once", () => {
    const found = problems({
      caCertificate: KEY,
      clientCertificate: CLIENT,
      gitlabUrl: "http://gitlab.example.com",
      replicas: "many",
    });
    expect(found.map((text) => text.split(" ")[0])).toEqual([
      "`caCertificate`",
      "`replicas`",
      "`clientCertificate`",
      "`caCertificate`",
    ]);
  });

  it("may not be the certificate of a server alone, of which a warning says why", () => {
    expect(warnings({ caCertificate: readCertificate("server.pem") })).toEqual([
      "`caCertificate` contains the certificate of a server (CN=gitlab.example.com), not of a CA, so the replicas lose their connection once GitLab's certificate is renewed: set the certificate of the CA that issued it (CN=Example root CA, O=Example).",
    ]);
  });

  it("may contain a certificate that has expired beside a valid one, with a warning", () => {
    expect(warnings({ caCertificate: CA + readCertificate("expired.pem") })).toEqual([
      "`caCertificate`: the certificate of CN=Example former CA expired on 2026-11-28: replace it.",
    ]);
  });

  it("belong together: a pool with its own certificate does not inherit the key", () => {
    const config = { ...ALL, pools: JSON.stringify({ big: { clientCertificate: CA } }) };
    expect(problems(config)).toEqual([
      "`pools.big.clientCertificate` needs `pools.big.clientKey`: set both or neither",
    ]);
  });

  it("are not inherited by a pool that sets them to null", () => {
    const big = { caCertificate: null, clientCertificate: null, clientKey: null };
    expect(certificatesOf({ big })).toEqual([]);
  });

  it("of the client are not inherited by a pool of another GitLab, whose jobs could read the key", () => {
    const all = Object.keys(ALL);
    const inheritedWith = (gitlabUrl: string) => certificatesOf({ big: { gitlabUrl } });
    expect(certificatesOf({ big: { replicas: 2 } })).toEqual(all);
    expect(inheritedWith("https://GitLab.example.com:443/")).toEqual(all);
    expect(inheritedWith("https://gitlab.example.org")).toEqual(["caCertificate"]);
    expect(inheritedWith("https://gitlab.example.com:8443")).toEqual(["caCertificate"]);
    const own = { clientCertificate: CLIENT, clientKey: KEY };
    expect(certificatesOf({ big: { ...own, gitlabUrl: "https://gitlab.example.org" } })).toEqual(
      all,
    );
  });

  it("are not inherited by a pool whose GitLab has no https", () => {
    expect(certificatesOf({ big: { gitlabUrl: "http://gitlab.example.com" } })).toEqual([]);
  });
});

describe("the dates of a certificate", () => {
  const check = (settings: Config, at: string) =>
    checkCertificateDates(
      { value: ((key: string) => settings[key]) as never, name: (key) => `\`${key}\`` },
      Date.parse(at),
    );

  it.each<[string, Config]>([
    ["GitLab", ALL],
    ["the engine", TLS_SETTINGS],
  ])("of %s are fine for most of a century", (_, settings) => {
    expect(check(settings, "2100-01-01")).toEqual({ problems: [], warnings: [] });
  });

  it("are a problem before its first day and after its last one", () => {
    const names = Object.keys({ ...ALL, ...TLS_SETTINGS }).filter((key) => !key.endsWith("Key"));
    const at = (date: string) => {
      const { problems: found, warnings: others } = check({ ...ALL, ...TLS_SETTINGS }, date);
      expect(others).toEqual([]);
      expect(found.map((text) => text.split("`")[1]).sort()).toEqual(names.sort());
      return found;
    };
    expect(at("2020-01-01")).toContain(
      "`clientCertificate`: the certificate of CN=Example runner is not valid before 2026-11-29: set a valid certificate",
    );
    expect(at("2127-01-01")).toContain(
      "`docker.hostCa`: the certificate of CN=test CA expired on 2126-11-05: set a valid certificate",
    );
  });

  it("cause a warning in its last 30 days", () => {
    expect(check({ caCertificate: CA }, "2126-10-06T19:00:00Z").warnings).toEqual([]);
    expect(check({ caCertificate: CA }, "2126-10-07T19:00:00Z")).toEqual({
      problems: [],
      warnings: [
        "`caCertificate`: the certificate of CN=Example root CA, O=Example expires on 2126-11-05, in 29 days: replace it",
      ],
    });
    expect(check({ clientCertificate: CLIENT }, "2126-11-04T12:00:00Z").warnings).toEqual([
      "`clientCertificate`: the certificate of CN=Example runner expires on 2126-11-05, in 1 day: replace it",
    ]);
  });
});
