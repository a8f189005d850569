import { describe, expect, it } from "@jest/globals";
import { EngineApi } from "../../../../docker-engine/api";
import { explainEngineFault, type EngineNames } from "../../../../tools/doctor/engine-faults";
import { serve } from "../../../support/engine-answers";
import { makeEngineCertificates } from "../../../support/engine-certificates";
import { listenOnTcp } from "../../../support/engine-proxy";

describe("the explanation of a fault", () => {
  const NAMES: EngineNames = {
    address: "DOCKER_HOST",
    ca: "ca.pem",
    certificate: "cert.pem",
    certificates: "DOCKER_CERT_PATH",
    otherwise: "",
  };

  const ADDRESS = { kind: "tcp", host: "h", port: 2376, tls: { ca: "" } } as const;
  const explain = (code: string, message: string) =>
    explainEngineFault(
      new Error("wrapped", { cause: Object.assign(new Error(message), { code }) }),
      "tcp://h:2376",
      ADDRESS,
      NAMES,
    );

  it.each([
    [
      "ssl/tls alert certificate required:SSL alert number 116",
      "because it is missing: set cert.pem and its key",
    ],
    [
      "tlsv1 alert unknown ca:SSL alert number 48",
      "whose issuer it does not trust: sign cert.pem with the engine's CA",
    ],
    ["sslv3 alert certificate expired:SSL alert number 45", "which has expired: renew cert.pem"],
  ])("names why the engine rejects a certificate: %s", (message, reason) => {
    expect(explain("ERR_SSL", message)).toBe(
      `the engine at tcp://h:2376 rejects the client's certificate, ${reason}`,
    );
  });

  it.each([
    [
      "ERR_SSL",
      "alert handshake failure",
      "the engine at tcp://h:2376 ended the TLS handshake (handshake failure): check cert.pem and the engine's TLS settings",
    ],
    [
      "EHOSTUNREACH",
      "no route",
      "this machine has no connection to tcp://h:2376 (EHOSTUNREACH): correct DOCKER_HOST, or check the network and the firewalls in between",
    ],
    [
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "does not match",
      "the certificate of the engine is not for the host in tcp://h:2376: issue it for that name or address, or correct DOCKER_HOST",
    ],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify", "the CA in ca.pem did not issue"],
    [
      "ECONNRESET",
      "socket hang up",
      "tcp://h:2376 closed the connection, as an engine does that rejects the client's certificate",
    ],
    [
      "EMFILE",
      "too many files",
      "tcp://h:2376 cannot be reached (too many files): check DOCKER_HOST",
    ],
  ])("names other faults: %s", (code, message, text) => {
    expect(explain(code, message)).toContain(text);
  });

  it("says that a real engine requires a certificate", async () => {
    const certificates = await makeEngineCertificates("127.0.0.1");
    const options = { ca: certificates.ca, requestCert: true, rejectUnauthorized: true };
    await using engine = await listenOnTcp("127.0.0.1", serve({}), {
      ...options,
      ...certificates.server,
    });
    const { hostname, port } = new URL(engine.host);
    const address = {
      kind: "tcp",
      host: hostname,
      port: Number(port),
      tls: { ca: certificates.ca },
    } as const;
    const error: unknown = await new EngineApi(() => ({ host: engine.host, address }))
      .get("/version")
      .catch((reason: unknown) => reason);
    expect([
      `the engine at ${engine.host} rejects the client's certificate, because it is missing: set cert.pem and its key`,
      `${engine.host} closed the connection, as an engine does that rejects the client's certificate: check cert.pem, and that the engine listens there with TLS`,
    ]).toContain(explainEngineFault(error, engine.host, address, NAMES));
  });
});
