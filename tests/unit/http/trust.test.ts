import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readGoTrust, readTrust, removeRepeated, splitCertificates } from "../../../http/trust";

const certificate = (content: string) =>
  `-----BEGIN CERTIFICATE-----\n${content}\n-----END CERTIFICATE-----`;

describe("the certificate authorities that this machine trusts", () => {
  let folder: string;
  const path = (name: string) => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "trust-"));
    writeFileSync(path("system.crt"), `# a comment\n${certificate("AAAA")}\n`);
    writeFileSync(path("own.pem"), `${certificate("BBBB")}\n${certificate("CCCC")}\n`);
    writeFileSync(path("extra.pem"), certificate("DDDD"));
    mkdirSync(path("folder"));
    writeFileSync(path("folder/ca.pem"), certificate("EEEE"));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const bundles = () => [path("missing.crt"), path("system.crt"), path("own.pem")];

  it("are the distribution's first bundle, which SSL_CERT_FILE replaces, for Go programs", () => {
    const { authorities } = readGoTrust({}, bundles());
    expect(authorities).toEqual([certificate("AAAA")]);
    const env = { SSL_CERT_FILE: path("own.pem"), NODE_EXTRA_CA_CERTS: path("extra.pem") };
    expect(readGoTrust(env, bundles()).authorities).toEqual([
      certificate("BBBB"),
      certificate("CCCC"),
    ]);
  });

  it("include those in the folders of SSL_CERT_DIR", () => {
    const env = { SSL_CERT_DIR: `${path("nowhere")}:${path("folder")}` };
    expect(readGoTrust(env, bundles())).toEqual({
      authorities: [certificate("AAAA"), certificate("EEEE")],
      problems: [],
    });
  });

  it("include those of Node.js and NODE_EXTRA_CA_CERTS for this program", () => {
    const env = { NODE_EXTRA_CA_CERTS: path("extra.pem") };
    const { authorities } = readTrust(env, bundles());
    expect(authorities).toEqual([...rootCertificates, certificate("DDDD"), certificate("AAAA")]);
  });

  it("do not include those of a file that cannot be read, which is named", () => {
    const env = { SSL_CERT_FILE: path("missing.pem") };
    expect(readGoTrust(env, bundles())).toEqual({
      authorities: [],
      problems: [`SSL_CERT_FILE names ${path("missing.pem")}, which cannot be read (ENOENT)`],
    });
  });
});

describe("certificates in PEM", () => {
  it("are split, and everything else is ignored", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    const text = `subject=CN\n${certificate("AA")}\r\n${key}\n${certificate("BB\nCC")}`;
    expect(splitCertificates(text)).toEqual([certificate("AA"), certificate("BB\nCC")]);
  });

  it("count as the same with other line breaks", () => {
    expect(removeRepeated([certificate("AABB"), certificate("AA\r\nBB"), "x"])).toHaveLength(2);
  });
});
