import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { explainError } from "../../../../../runner-image/src/system/engine/explain-error";
import {
  DOCKER,
  engineAt as at,
  findReason as reason,
  serve,
} from "../../../../support/engine-answers";
import {
  makeEngineCertificates,
  type EngineCertificates,
  type KeyPair,
} from "../../../../support/engine-certificates";
import { listenOnTcp, type EngineProxy } from "../../../../support/engine-proxy";

let folder: string;
let certificates: EngineCertificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
  certificates = await makeEngineCertificates("127.0.0.1");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes the files that a client needs. @returns their folder */
function clientFolder(ca: string, { cert, key }: KeyPair): string {
  const path = mkdtempSync(join(folder, "client-"));
  for (const [name, text] of Object.entries({ ca, cert, key })) {
    writeFileSync(join(path, `${name}.pem`), text);
  }
  return path;
}

/** Starts an engine that requires certificates. */
function listenWithTls(server?: KeyPair): Promise<EngineProxy> {
  const options = { ca: certificates.ca, requestCert: true, rejectUnauthorized: true };
  return listenOnTcp("127.0.0.1", serve(DOCKER), {
    ...options,
    ...(server ?? certificates.server),
  });
}

describe("an engine with TLS", () => {
  it("accepts a replica with a certificate of its CA", async () => {
    await using engine = await listenWithTls();
    const { ca, client } = certificates;
    expect(await reason(at(engine.host, clientFolder(ca, client)))).toBe(
      "ready: 20.10.24, API 1.41",
    );
  });

  it("is rejected by a replica with another CA", async () => {
    await using engine = await listenWithTls();
    const { otherCa, client } = certificates;
    expect(await reason(at(engine.host, clientFolder(otherCa, client)))).toMatch(
      /^this replica rejects the engine's certificate: .*; set `docker\.hostCa` \(RUNNER_DOCKER_HOST_CA\) to the CA that issued the engine's certificate$/,
    );
  });

  it("is rejected by a replica if only the common name of its certificate is the host", async () => {
    await using engine = await listenWithTls(certificates.nameless);
    const { ca, client } = certificates;
    const host = engine.host.replace("127.0.0.1", "localhost");
    expect(await reason(at(host, clientFolder(ca, client)))).toBe(
      "the engine's certificate has no subject alternative name for localhost: issue one with it",
    );
  });

  it("is rejected by a replica if its certificate is for another address", async () => {
    const elsewhere = await makeEngineCertificates("127.0.0.2");
    await using engine = await listenWithTls(elsewhere.server);
    expect(await reason(at(engine.host, clientFolder(elsewhere.ca, certificates.client)))).toBe(
      "this replica rejects the engine's certificate, which is not for 127.0.0.1: issue it for that name or address",
    );
  });

  it("is rejected by a replica if its certificate has expired", async () => {
    await using engine = await listenWithTls(certificates.expired);
    const { ca, client } = certificates;
    expect(await reason(at(engine.host, clientFolder(ca, client)))).toBe(
      "this replica rejects the engine's certificate: it has expired: renew it on the engine",
    );
  });

  it("rejects a replica whose certificate another CA issued", async () => {
    await using engine = await listenWithTls();
    const { ca, stranger } = certificates;
    expect(await reason(at(engine.host, clientFolder(ca, stranger)))).toMatch(
      /rejects this replica's certificate.*`docker\.hostCert`/,
    );
  });

  // What Go, and so Docker, sends in these cases.
  it.each([
    ["tlsv13 alert certificate required", /certificate: it is missing: set `docker\.hostCert`/],
    ["tlsv1 alert unknown ca", /certificate: the engine does not trust its issuer: sign /],
    ["sslv3 alert certificate expired", /certificate: it has expired: renew `docker\.hostCert`/],
    ["sslv3 alert bad certificate", /certificate: replace `docker\.hostCert`/],
    ["sslv3 alert handshake failure", /^the engine ended the TLS handshake \(handshake failure\)/],
  ])("rejects a replica with the alert %s", (alert, expected) => {
    const message = `804CCB:error:0A00045C:SSL routines:ssl3_read_bytes:${alert}:../deps/openssl/rec_layer_s3.c:1601:SSL alert number 116\n`;
    const engine = at("tcp://engine:2376", "/certs");
    expect(explainError(engine, { code: "EPROTO", message }, false)).toMatch(expected);
  });

  it("is missing if the server has no TLS, or requires it", async () => {
    const { ca, client } = certificates;
    await using plain = await listenOnTcp("127.0.0.1", serve(DOCKER));
    expect(await reason(at(plain.host))).toBe("ready: 20.10.24, API 1.41");
    expect(await reason(at(plain.host, clientFolder(ca, client)))).toBe(
      "it does not speak TLS: configure the engine with --tlsverify, or correct the port",
    );
    await using secure = await listenWithTls();
    expect(await reason(at(secure.host))).toMatch(/whether it requires TLS$/);
  });

  it("needs certificates that can be read and used", async () => {
    const { ca, client, stranger } = certificates;
    const mixed = clientFolder(ca, { cert: client.cert, key: stranger.key });
    expect(await reason(at("tcp://127.0.0.1:9", mixed))).toMatch(
      /^the certificate and key in \S+ cannot be used: .*key values mismatch/,
    );
    expect(await reason(at("tcp://127.0.0.1:9", join(folder, "none")))).toMatch(/ENOENT.*ca\.pem/);
  });
});

describe("an engine on TCP that cannot be reached", () => {
  it("is described", async () => {
    expect(await reason(at("tcp://127.0.0.1:9"))).toBe(
      "the connection was refused, because nothing listens on 127.0.0.1:9: check the port, and that the engine runs and listens on TCP",
    );
    expect(await reason(at("tcp://nowhere.invalid:2375"))).toMatch(
      /^the name nowhere\.invalid cannot be resolved \(E\w+\): check the name/,
    );
  });

  it.each([
    ["ETIMEDOUT", /^connecting to engine:2375 timed out: /],
    ["EHOSTUNREACH", /^engine cannot be reached \(EHOSTUNREACH\): /],
    ["ENETUNREACH", /^engine cannot be reached \(ENETUNREACH\): /],
    ["EMFILE", /^too many files$/],
  ])("is described for %s", (code, expected) => {
    const error = { code, message: "too many files" };
    expect(explainError(at("tcp://engine:2375"), error, false)).toMatch(expected);
    // A host with several addresses has one error per address.
    expect(explainError(at("tcp://engine:2375"), { errors: [error, error] }, false)).toMatch(
      expected,
    );
  });
});
