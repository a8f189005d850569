import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, expect, it } from "@jest/globals";
import type { HttpError } from "../../../http/explain";
import { createTransport } from "../../../http/transport";
import { makeCertificate } from "../../support/certificate";
import { listenLocally } from "../../support/local-server";
import { startUnitProxy } from "../../support/unit-proxy";

const greet: RequestListener = ({ headers }, response) => {
  response.end(`hello, ${headers["proxy-authorization"] ?? "nobody"}`);
};

type Env = Readonly<Record<string, string>>;

const get = (env: Env, href: string, trusted: readonly string[] = []) =>
  createTransport({ env, timeoutMs: 5_000, authorities: trusted })({
    ...{ method: "GET", url: new URL(href), headers: {}, body: undefined },
  });

const fail = (env: Env, href: string): Promise<HttpError> =>
  get(env, href).then(
    ({ status }) => {
      throw new Error(`the request was answered with ${status}`);
    },
    (error: unknown) => error as HttpError,
  );

describe("a request through a proxy", () => {
  it("goes through a tunnel if the server uses TLS, with the login of the proxy", async () => {
    using certificate = await makeCertificate("gitlab.test");
    const { cert, key } = certificate;
    await using https = await listenLocally(createTlsServer({ cert, key }, greet));
    await using proxy = await startUnitProxy({ login: "me:p@ss" });
    const send = createTransport({
      env: { HTTPS_PROXY: `http://me:p%40ss@${proxy.address}` },
      timeoutMs: 5_000,
      authorities: [cert],
    });
    const url = new URL(`https://gitlab.test:${https.port}/`);
    const { text } = await send({ method: "GET", url, headers: {}, body: undefined });
    expect(text).toBe("hello, nobody");
    expect(proxy.asked).toEqual([`CONNECT gitlab.test:${https.port}`]);
  });

  it("is relayed if the server does not use TLS", async () => {
    await using http = await listenLocally(createServer(greet));
    await using proxy = await startUnitProxy({ login: "me:pass" });
    const href = `http://gitlab.test:${http.port}/x`;
    const { status } = await get({ http_proxy: `me:pass@${proxy.address}` }, href);
    expect(status).toBe(200);
    expect(proxy.asked).toEqual([`GET ${href}`]);
  });

  it("does not use the proxy for a host in NO_PROXY", async () => {
    await using http = await listenLocally(createServer(greet));
    await using proxy = await startUnitProxy();
    const env = { HTTP_PROXY: `http://${proxy.address}`, NO_PROXY: "localhost.test" };
    await fail(env, `http://gitlab.localhost.test:${http.port}/`);
    expect(proxy.asked).toEqual([]);
  });

  it.each(["http", "https"])(
    "names a proxy that requires another login, for a server with %s",
    async (scheme) => {
      await using proxy = await startUnitProxy({ login: "me:right" });
      const name = `${scheme.toUpperCase()}_PROXY`;
      const href = `${scheme}://gitlab.test/`;
      const anonymous = await fail({ [name]: `http://${proxy.address}` }, href);
      expect(anonymous).toMatchObject({
        fault: "proxy login",
        message: `proxy ${proxy.address} answered 407 Proxy Authentication Required: write the user and the password in HTTPS_PROXY or HTTP_PROXY, as http://USER:PASSWORD@HOST:PORT with special characters percent-encoded`,
      });
      const wrong = await fail({ [name]: `http://me:secret-word@${proxy.address}` }, href);
      expect(wrong.reason).toBe(
        `proxy ${proxy.address} answered 407 Proxy Authentication Required`,
      );
      expect(`${wrong.message}${String(wrong.stack)}`).not.toContain("secret-word");
    },
  );

  it("counts 401 as a wrong login, which tinyproxy answers", async () => {
    await using proxy = await startUnitProxy({ refuse: "401 Unauthorized" });
    const env = { HTTPS_PROXY: `http://me:word@${proxy.address}` };
    expect((await fail(env, "https://gitlab.test/")).fault).toBe("proxy login");
  });

  it("names a proxy that does not connect, cannot be reached, or is not HTTP", async () => {
    await using proxy = await startUnitProxy({ refuse: "403 Filtered" });
    const href = "https://gitlab.test/";
    expect((await fail({ HTTPS_PROXY: `http://${proxy.address}` }, href)).message).toBe(
      `proxy ${proxy.address} answered 403 Filtered: allow the connection on the proxy, or add the host to NO_PROXY if it needs no proxy`,
    );
    const gone = await listenLocally(createServer());
    await gone[Symbol.asyncDispose]();
    for (const scheme of ["http", "https"]) {
      const env = { [`${scheme}_proxy`]: `http://me:secret-word@${gone.host}` };
      expect((await fail(env, `${scheme}://gitlab.test/`)).message).toBe(
        `proxy ${gone.host} cannot be reached: connect ECONNREFUSED ${gone.host}: check HTTPS_PROXY and HTTP_PROXY; NO_PROXY lists hosts that need no proxy`,
      );
    }
    expect(await fail({ HTTPS_PROXY: "socks5://proxy.test:1080" }, href)).toMatchObject({
      fault: "proxy not HTTP",
      message:
        "proxy proxy.test:1080 has the scheme socks5://, which is not supported: use a proxy with http:// or https://",
    });
  });

  it("names the server, and the proxy, if the certificate behind the proxy is not trusted", async () => {
    using certificate = await makeCertificate("gitlab.test");
    const { cert, key } = certificate;
    await using https = await listenLocally(createTlsServer({ cert, key }, greet));
    await using proxy = await startUnitProxy();
    const error = await fail(
      { HTTPS_PROXY: `http://${proxy.address}` },
      `https://gitlab.test:${https.port}/`,
    );
    expect(error).toMatchObject({
      fault: "untrusted",
      reason: `this machine does not trust the certificate of gitlab.test:${https.port} (self-signed certificate), through the proxy ${proxy.address}`,
    });
  });

  it("checks the certificate of a proxy that uses TLS itself", async () => {
    using certificate = await makeCertificate();
    const { cert, key, file } = certificate;
    const server = createTlsServer({ cert, key });
    server.on("connect", (_, socket) => socket.end("HTTP/1.1 403 Filtered\r\n\r\n"));
    await using proxy = await listenLocally(server);
    const env = { HTTPS_PROXY: `https://${proxy.host}` };
    expect(await fail(env, "https://gitlab.test/")).toMatchObject({
      fault: "untrusted",
      reason: `proxy ${proxy.host} cannot be reached: self-signed certificate`,
    });
    expect(await fail({ ...env, SSL_CERT_FILE: file }, "https://gitlab.test/")).toMatchObject({
      fault: "proxy refused",
    });
  });
});
