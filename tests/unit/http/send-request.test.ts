import { once } from "node:events";
import { createServer, request as openRequest, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { describe, expect, it } from "@jest/globals";
import { ProxyError } from "../../../http/proxy-error";
import { sendRequest, type OutgoingRequest } from "../../../http/send-request";
import { makeAuthorityChain } from "../../support/authority-chain";
import { makeCertificate } from "../../support/certificate";

interface Listening extends AsyncDisposable {
  readonly host: string;
  readonly port: string;
  /** Open connections. */
  readonly sockets: ReadonlySet<Socket>;
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    port: String(port),
    sockets,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Answers with what it was asked. */
const echo: RequestListener = ({ method = "", url = "", headers }, response) => {
  void readAll(response.req).then((body) => {
    const { host = "", "content-type": type = "-", "proxy-authorization": login = "-" } = headers;
    response.end(`${method} ${url} ${host} ${type} ${login} ${body}`);
  });
};

/** Makes a server that relays requests and connections to this machine, whatever their host. */
function relay(server: Server, asked: string[]): Server {
  server.on("request", ({ method = "", url = "", headers }, response) => {
    const { "proxy-authorization": login = "-", ...kept } = headers;
    asked.push(`${method} ${url} ${login}`);
    const { port, pathname } = new URL(url);
    const options = { host: "127.0.0.1", port, path: pathname, method, headers: kept };
    const outgoing = openRequest(options, (answer) => {
      response.writeHead(answer.statusCode ?? 0);
      answer.pipe(response);
    });
    response.req.pipe(outgoing);
  });
  server.on("connect", ({ url = "", headers }, client: Socket) => {
    asked.push(`CONNECT ${url} ${headers["proxy-authorization"] ?? "-"}`);
    const upstream = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  return server;
}

async function send(target: string, more: Partial<OutgoingRequest> = {}): Promise<string> {
  const headers = { "content-type": "text/plain", "content-length": 2 };
  const signal = AbortSignal.timeout(5_000);
  const request = { target: new URL(target), method: "POST", headers, body: "hi", signal, ...more };
  return readAll(await sendRequest(request));
}

function fail(target: string, more: Partial<OutgoingRequest>): Promise<Error> {
  return send(target, more).then(
    (text) => new Error(`answered ${text}`),
    (error: unknown) => error as Error,
  );
}

const encode = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 3_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error("waited 3 s for the connections to end");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("a request through a proxy", () => {
  it("keeps its address, headers and body on the way to a plain server, with the proxy's login", async () => {
    await using server = await listen(createServer(echo));
    const asked: string[] = [];
    await using proxy = await listen(relay(createServer(), asked));
    const target = `http://gitlab.test:${server.port}/api`;
    const seen: string[] = [];
    const onConnect = () => seen.push("connected");
    const through = new URL(`http://me:p%40ss@${proxy.host}`);

    expect(await send(target, { proxy: through, onConnect })).toBe(
      `POST /api gitlab.test:${server.port} text/plain - hi`,
    );
    expect(asked).toEqual([`POST ${target} ${encode("me:p@ss")}`]);
    expect(seen).toEqual(["connected"]);
  });

  it("verifies the certificate of a server with TLS, and hides the proxy's login from it", async () => {
    using certificate = await makeCertificate("gitlab.test");
    const { cert, key } = certificate;
    await using server = await listen(createTlsServer({ cert, key }, echo));
    const asked: string[] = [];
    await using proxy = await listen(relay(createServer(), asked));
    const through = { proxy: new URL(`http://me:pw@${proxy.host}`) };
    const trusting = { ...through, tls: { ca: cert } };
    const { port } = server;

    expect(await send(`https://gitlab.test:${port}/api`, trusting)).toBe(
      `POST /api gitlab.test:${port} text/plain - hi`,
    );
    expect(asked).toEqual([`CONNECT gitlab.test:${port} ${encode("me:pw")}`]);
    expect(await fail(`https://gitlab.test:${port}`, through)).toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    expect(await fail(`https://other.test:${port}`, trusting)).toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    expect(await send(`https://127.0.0.1:${port}/`, trusting)).toMatch(/^POST \/ /);
  });

  it("verifies the certificate of a proxy with TLS, by the proxy's own name", async () => {
    using ofProxy = await makeCertificate();
    using ofServer = await makeCertificate("gitlab.test");
    const serve = ({ cert, key }: typeof ofProxy) => createTlsServer({ cert, key });
    await using server = await listen(serve(ofServer).on("request", echo));
    await using proxy = await listen(relay(serve(ofProxy), []));
    const target = `https://gitlab.test:${server.port}/`;
    const through = new URL(`https://${proxy.host}`);

    const both = { ca: [ofProxy.cert, ofServer.cert] };
    expect(await send(target, { proxy: through, tls: both })).toMatch(/^POST \/ /);
    const error = await fail(target, { proxy: through, tls: { ca: ofServer.cert } });
    expect(error.message).toBe(`proxy ${proxy.host} cannot be reached: self-signed certificate`);
  });

  it.each(["http", "https"])(
    "to an %s server trusts a proxy whose authority is known without the root",
    async (scheme) => {
      const chain = await makeAuthorityChain("127.0.0.1");
      using ofServer = await makeCertificate("gitlab.test");
      await using server = await listen(
        (scheme === "https" ? createTlsServer(ofServer) : createServer()).on("request", echo),
      );
      const serve = createTlsServer({ cert: chain.leaf, key: chain.key });
      await using proxy = await listen(relay(serve, []));
      const through = {
        proxy: new URL(`https://${proxy.host}`),
        tls: { ca: [chain.intermediate, ofServer.cert], allowPartialTrustChain: true },
      };
      expect(await send(`${scheme}://gitlab.test:${server.port}/`, through)).toMatch(/^POST \/ /);
    },
  );

  it.each(["http", "https"])(
    "to an %s server fails with the answer of a proxy that requires a login",
    async (scheme) => {
      const refuse = createServer((_, response) => {
        response.writeHead(407, { "proxy-authenticate": "Basic" }).end("<h1>Login</h1>");
      });
      refuse.on("connect", (_, socket) => {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      });
      await using proxy = await listen(refuse);
      const through = new URL(`http://me:my-password@${proxy.host}`);
      const error = await fail(`${scheme}://gitlab.test`, { proxy: through });

      expect(error).toBeInstanceOf(ProxyError);
      expect(error).toMatchObject({
        fault: "login",
        message: `proxy ${proxy.host} answered 407 Proxy Authentication Required`,
      });
    },
  );

  it("fails with the answer of a proxy that does not connect to the server", async () => {
    const server = createServer();
    server.on("connect", (_, socket) => socket.end("HTTP/1.1 503 No such host\r\n\r\n"));
    await using proxy = await listen(server);

    expect(
      await fail("https://gitlab.test", { proxy: new URL(`http://${proxy.host}`) }),
    ).toMatchObject({
      fault: "refused",
      message: `proxy ${proxy.host} answered 503 No such host`,
    });
  });

  it.each(["http", "https"])("to an %s server names a proxy that is away", async (scheme) => {
    const explain = async (proxy: string) => {
      const error = await fail(`${scheme}://gitlab.test`, { proxy: new URL(proxy) });
      expect(error).toMatchObject({ fault: "away" });
      return error.message;
    };
    const gone = await listen(createTcpServer());
    await gone[Symbol.asyncDispose]();
    expect(await explain(`http://me:pw@${gone.host}`)).toBe(
      `proxy ${gone.host} cannot be reached: connect ECONNREFUSED ${gone.host}`,
    );
    expect(await explain("http://me:my-password@proxy.invalid")).toMatch(
      /^proxy proxy\.invalid:80 cannot be resolved: getaddrinfo E/,
    );
    await using silent = await listen(createTcpServer((socket) => socket.resume().end()));
    expect(await explain(`http://${silent.host}`)).toBe(
      `proxy ${silent.host} closed the connection: socket hang up`,
    );
  });

  it("does not support a SOCKS proxy", async () => {
    const proxy = new URL("socks5://me:my-password@proxy:1080");
    expect(await fail("https://gitlab.test", { proxy })).toMatchObject({
      fault: "unsupported",
      message:
        "proxy proxy:1080 has the scheme socks5://, which is not supported: use a proxy with http:// or https://",
    });
  });

  it.each(["http", "https"])(
    "to an %s server ends with its signal, and leaves no connection to the proxy",
    async (scheme) => {
      await using proxy = await listen(createTcpServer((socket) => socket.resume()));
      const through = { proxy: new URL(`http://${proxy.host}`), signal: AbortSignal.timeout(100) };
      const error = await fail(`${scheme}://gitlab.test`, through);

      expect(error).not.toBeInstanceOf(ProxyError);
      expect(error.name).toBe("AbortError");
      await until(() => proxy.sockets.size === 0);
    },
  );

  it("ends with its signal if the server behind the proxy is silent", async () => {
    await using server = await listen(createTcpServer((socket) => socket.resume()));
    await using proxy = await listen(relay(createServer(), []));
    const through = { proxy: new URL(`http://${proxy.host}`), signal: AbortSignal.timeout(200) };

    expect((await fail(`https://${server.host}`, through)).name).toBe("AbortError");
    await until(() => proxy.sockets.size === 0 && server.sockets.size === 0);
  });
});
