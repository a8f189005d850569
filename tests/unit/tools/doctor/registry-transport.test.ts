import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { findAuthorities } from "../../../../components/registry/authorities";
import {
  createRegistryTransport,
  UnsupportedProxy,
} from "../../../../components/registry/transport";
import { isNotTls, isUntrusted } from "../../../../tools/doctor/registry/tls-errors";
import { makeCertificate } from "../../../support/certificate";

async function listen(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with the method, the address and the login of the request. */
const echo: RequestListener = ({ method, url, headers }, response) => {
  const login = headers.authorization ?? "none";
  response.writeHead(202, { location: "/v2/u/1" }).end(`${method ?? ""} ${url ?? ""} ${login}`);
};

const REQUEST = { method: "POST", headers: { authorization: "Basic x" } } as const;

/** Sends a request and returns what it throws. */
async function failure(url: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const transport = createRegistryTransport(env, () => ({}));
  return transport({ ...REQUEST, url: new URL(url) }).catch((error: unknown) => error);
}

describe("a request to a registry", () => {
  it("is sent without TLS, with its headers", async () => {
    await using server = await listen(createServer(echo));
    const url = new URL(`http://${server.host}/v2/a/blobs/uploads/`);
    const answer = await createRegistryTransport({})({ ...REQUEST, url });
    expect([answer.status, answer.header("location"), answer.text]).toEqual([
      202,
      "/v2/u/1",
      "POST /v2/a/blobs/uploads/ Basic x",
    ]);
  });

  it("is sent with TLS only to a server whose certificate is trusted", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    let received = 0;
    const server = createTlsServer({ cert, key }, (request, response) => {
      received += 1;
      echo(request, response);
    });
    await using https = await listen(server);
    const url = `https://${https.host}/v2/`;

    expect(isUntrusted(await failure(url))).toBe(true);
    expect(received).toBe(0);
    const trusting = createRegistryTransport({}, () => ({ ca: [cert] }));
    expect((await trusting({ ...REQUEST, url: new URL(url) })).status).toBe(202);
  });

  it("fails in a recognizable way if the server does not use TLS", async () => {
    await using server = await listen(createServer(echo));
    const error = await failure(`https://${server.host}/v2/`);
    expect([isNotTls(error), isUntrusted(error)]).toEqual([true, false]);
  });

  it("goes through the proxy of the environment, with the proxy's login", async () => {
    const seen: string[] = [];
    const server = createServer(({ method, url, headers }, response) => {
      seen.push(`${method ?? ""} ${url ?? ""} ${headers["proxy-authorization"] ?? "none"}`);
      response.end("from the proxy");
    });
    await using proxy = await listen(server);
    const env = { HTTP_PROXY: `http://user:word@${proxy.host}` };
    const url = new URL("http://registry.test/v2/");
    const { text } = await createRegistryTransport(env)({ method: "GET", url });
    expect(text).toBe("from the proxy");
    const login = Buffer.from("user:word").toString("base64");
    expect(seen).toEqual([`GET http://registry.test/v2/ Basic ${login}`]);
  });

  it("goes through a tunnel of the proxy with TLS, which the proxy cannot read", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    await using https = await listen(createTlsServer({ cert, key }, echo));
    const targets: string[] = [];
    const server = createServer();
    server.on("connect", ({ url }, client) => {
      targets.push(url ?? "");
      const upstream = connect(https.port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      for (const one of [upstream, client]) one.on("error", () => client.destroy());
    });
    await using proxy = await listen(server);
    const env = { HTTPS_PROXY: `http://${proxy.host}` };
    const transport = createRegistryTransport(env, () => ({ ca: [cert] }));
    const url = new URL("https://registry.test:8443/v2/");
    // The certificate is for another name: TLS ends at the registry, not at the proxy.
    await expect(transport({ method: "GET", url })).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    expect(targets).toEqual(["registry.test:8443"]);
  });

  it("fails if the proxy refuses, or is not HTTP", async () => {
    const server = createServer();
    server.on("connect", (_, client) => client.end("HTTP/1.1 407 Login required\r\n\r\n"));
    await using proxy = await listen(server);
    const refused = await failure("https://registry.test/v2/", {
      HTTPS_PROXY: `http://${proxy.host}`,
    });
    expect(refused).toMatchObject({ message: `the proxy ${proxy.host} answered 407` });
    const socks = await failure("https://registry.test/v2/", { HTTPS_PROXY: "socks5://p:1080" });
    expect(socks).toBeInstanceOf(UnsupportedProxy);
  });
});

describe("the certificate authorities of a registry", () => {
  it("are those in Docker's folder, and Node.js's defaults if there is none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "certs.d-"));
    try {
      await mkdir(join(folder, "r.example.com:5000"));
      await writeFile(join(folder, "r.example.com:5000", "ca.crt"), "own authority");
      await writeFile(join(folder, "r.example.com:5000", "client.key"), "not a certificate");
      const { ca = [] } = findAuthorities("r.example.com:5000", folder);
      expect(ca).toContain("own authority");
      expect(ca.length).toBeGreaterThan(10);
      expect(ca).not.toContain("not a certificate");
      expect(findAuthorities("other.example.com", folder)).toEqual({});
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
