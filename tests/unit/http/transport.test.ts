import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { HttpError } from "../../../http/explain";
import { createTransport, type HttpOptions } from "../../../http/transport";
import { makeCertificate, type Certificate } from "../../support/certificate";
import { listenLocally, type LocalServer } from "../../support/local-server";

const echo: RequestListener = ({ method, url, headers }, response) => {
  const chunk = `${method ?? ""} ${url ?? ""} ${headers["content-length"] ?? "no length"}`;
  response.writeHead(200, { "x-echo": "yes" }).end(chunk);
};

const serve = ({ cert, key }: Certificate): Promise<LocalServer> =>
  listenLocally(createTlsServer({ cert, key }, echo));

const get = (href: string, options: Partial<HttpOptions> = {}) =>
  createTransport({ env: {}, timeoutMs: 5_000, ...options })({
    ...{ method: "GET", url: new URL(href), headers: {}, body: undefined },
  });

const fail = (href: string, options: Partial<HttpOptions> = {}): Promise<HttpError> =>
  get(href, options).then(
    ({ status }) => {
      throw new Error(`the request was answered with ${status}`);
    },
    (error: unknown) => error as HttpError,
  );

describe("a request of this machine", () => {
  it("is sent with its body and its length, and follows no redirect", async () => {
    await using http = await listenLocally(createServer(echo));
    const send = createTransport({ env: {}, timeoutMs: 5_000 });
    const url = new URL(`http://${http.host}/x?y=1`);
    const { status, header, text } = await send({ method: "POST", url, headers: {}, body: "ü" });
    expect([status, header("x-echo"), text]).toEqual([200, "yes", "POST /x?y=1 2"]);

    await using moved = await listenLocally(
      createServer((_, response) => response.writeHead(302, { location: "http://other/" }).end()),
    );
    expect((await get(`http://${moved.host}/`)).status).toBe(302);
  });

  it("trusts the authorities of SSL_CERT_FILE, NODE_EXTRA_CA_CERTS and the caller", async () => {
    using certificate = await makeCertificate();
    using other = await makeCertificate();
    await using https = await serve(certificate);
    const href = `https://${https.host}/`;
    const { file, cert } = certificate;
    const ways: readonly Partial<HttpOptions>[] = [
      { env: { SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: other.file } },
      { env: { SSL_CERT_FILE: other.file, NODE_EXTRA_CA_CERTS: file } },
      { authorities: [`${other.cert}\n${cert}`] },
    ];
    for (const way of ways) expect((await get(href, way)).status).toBe(200);
    const error = await fail(href, { env: { SSL_CERT_FILE: other.file } });
    expect(error).toMatchObject({
      fault: "untrusted",
      message: `this machine does not trust the certificate of ${https.host} (self-signed certificate): set SSL_CERT_FILE or NODE_EXTRA_CA_CERTS to a file with its certificate authority`,
    });
  });

  it("names a file of certificate authorities that cannot be read", async () => {
    using certificate = await makeCertificate();
    await using https = await serve(certificate);
    const { reason } = await fail(`https://${https.host}/`, { env: { SSL_CERT_FILE: "/no/ca" } });
    expect(reason).toContain("SSL_CERT_FILE names /no/ca, which cannot be read (ENOENT)");
  });

  it("sends the client's certificate to a server that requires one", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    const mutual = { cert, key, ca: [cert], requestCert: true, rejectUnauthorized: true };
    const authorities = [cert];
    const identity = { certificate: cert, key };
    for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
      await using https = await listenLocally(createTlsServer({ ...mutual, maxVersion }, echo));
      const href = `https://${https.host}/`;
      expect((await get(href, { authorities, identity })).status).toBe(200);
      const error = await fail(href, {
        authorities,
        remedies: { "client certificate": "set it" },
      });
      expect(error.fault).toBe("client certificate");
      expect(error.message).toMatch(
        /^127\.0\.0\.1:\d+ requires a client certificate \(alert .*\): set it$/,
      );
    }
  });

  it("explains a certificate for another name", async () => {
    using certificate = await makeCertificate("gitlab.test");
    await using https = await serve(certificate);
    const error = await fail(`https://localhost:${https.port}/`, {
      authorities: [certificate.cert],
    });
    expect(error).toMatchObject({
      fault: "other name",
      reason: `the certificate of localhost:${https.port} is for another name (Host: localhost. is not in the cert's altnames: IP Address:127.0.0.1, DNS:gitlab.test)`,
    });
  });

  it("explains a server without TLS, without an answer, and that nothing listens", async () => {
    await using http = await listenLocally(createServer(echo));
    expect(await fail(`https://${http.host}/`)).toMatchObject({
      fault: "not TLS",
      message: `${http.host} answers without TLS (EPROTO)`,
    });
    await using silent = await listenLocally(createTcpServer());
    expect(await fail(`http://${silent.host}/`, { timeoutMs: 100 })).toMatchObject({
      fault: "timeout",
      message: "no answer within 0.1 s",
    });
    const gone = await listenLocally(createServer(echo));
    await gone[Symbol.asyncDispose]();
    const refused = await fail(`http://${gone.host}/`);
    expect(refused).toBeInstanceOf(HttpError);
    expect(refused).toMatchObject({
      fault: "refused",
      message: `connect ECONNREFUSED ${gone.host}`,
    });
  });
});
