import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import { describe, expect, it } from "@jest/globals";
import { selectSources } from "../../../../components/image/image-sources";
import { whyUnreachable } from "../../../../components/image/reach-registry";
import { makeCertificate } from "../../../support/certificate";

async function listen(server: Server | TcpServer) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const refuse: RequestListener = (_request, response) => {
  response.writeHead(401).end();
};
const tls = (host: string) => ({ host, path: "", plainHttp: false });
const plain = (host: string) => ({ host, path: "", plainHttp: true });

describe("a registry", () => {
  it("counts as reachable if it rejects the request, or if Node.js does not trust its certificate", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    await using http = await listen(createServer(refuse));
    expect(await whyUnreachable(plain(http.host), {})).toBeUndefined();
    await using https = await listen(createTlsServer({ cert, key }, refuse));
    expect(await whyUnreachable(tls(https.host), {})).toBeUndefined();
  });

  it("counts as reachable if it does not support TLS, or requires a client certificate", async () => {
    await using http = await listen(createServer(refuse));
    expect(await whyUnreachable(tls(http.host), {})).toBeUndefined();
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    const mutual = { cert, key, requestCert: true, rejectUnauthorized: true };
    await using https = await listen(createTlsServer(mutual, refuse));
    expect(await whyUnreachable(tls(https.host), {})).toBeUndefined();
  });

  it("counts as unreachable if nothing listens or the connection closes at once", async () => {
    const stopped = await listen(createServer(refuse));
    await stopped[Symbol.asyncDispose]();
    expect(await whyUnreachable(tls(stopped.host), {})).toContain("ECONNREFUSED");
    await using silent = await listen(createTcpServer((socket) => socket.destroy()));
    expect(await whyUnreachable(plain(silent.host), {})).toContain(`http://${silent.host}/v2/: `);
  });

  it("is reached through the proxy of the environment, with the proxy's user", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    await using https = await listen(createTlsServer({ cert, key }, refuse));
    const asked: string[] = [];
    const server = createServer(refuse);
    server.on("connect", (request, client: Socket) => {
      asked.push(`${request.url ?? ""} ${request.headers["proxy-authorization"] ?? ""}`);
      const upstream = connect(Number(https.host.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
    await using proxy = await listen(server);
    const HTTPS_PROXY = `http://me:p%40w@${proxy.host}`;
    expect(await whyUnreachable(tls("r.example.com"), { HTTPS_PROXY })).toBeUndefined();
    const login = Buffer.from("me:p@w").toString("base64");
    expect(asked).toEqual([`r.example.com:443 Basic ${login}`]);
    const HTTP_PROXY = `http://${proxy.host}`;
    expect(await whyUnreachable(plain("r.example.com:5000"), { HTTP_PROXY })).toBeUndefined();
  });

  it("counts as unreachable if the variable of the proxy is not an address", async () => {
    expect(
      await whyUnreachable(tls("r.example.com"), { HTTPS_PROXY: "http://proxy:port" }),
    ).toMatch(/^https:\/\/r\.example\.com\/v2\/: HTTPS_PROXY is not the address of a proxy: /);
  });

  it("counts as unreachable if the proxy cannot reach it", async () => {
    const server = createServer(refuse);
    server.on("connect", (_request, socket) => socket.end("HTTP/1.1 503 No such host\r\n\r\n"));
    await using proxy = await listen(server);
    expect(
      await whyUnreachable(tls("r.example.com"), { https_proxy: `http://me:pw@${proxy.host}` }),
    ).toBe(`https://r.example.com/v2/: proxy ${proxy.host} answered 503 No such host`);
    const gateway = createServer((_, response) => response.writeHead(502).end());
    await using broken = await listen(gateway);
    expect(
      await whyUnreachable(plain("r.example.com"), { HTTP_PROXY: `http://${broken.host}` }),
    ).toBe(
      `http://r.example.com/v2/ through proxy ${broken.host}: the proxy answered 502 Bad Gateway`,
    );
  });
});

describe("selectSources", () => {
  const registry = { host: "r.example.com", path: "ci", plainHttp: false };

  it("selects images by the host in their name", () => {
    const [base, node] = ["r.example.com/base:1", "node:24"];
    expect(selectSources(registry, { base, node })).toEqual([["base", base]]);
    expect(selectSources(registry, { base, node: base })).toEqual([["base", base]]);
    expect(selectSources({ ...registry, host: "docker.io" }, { base, node })).toEqual([
      ["node", node],
    ]);
    expect(
      selectSources({ ...registry, host: "docker.io" }, { x: "index.docker.io/me/x" }),
    ).toHaveLength(1);
  });
});
