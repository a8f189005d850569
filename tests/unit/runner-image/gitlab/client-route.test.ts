import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer, type RequestListener, type Server } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { createConnection, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { checkRoute } from "../../../../runner-image/src/gitlab/check-route";
import { connectGitlab, type ApiResult } from "../../../../runner-image/src/gitlab/client";
import {
  makeEngineCertificates,
  type EngineCertificates,
  type KeyPair,
} from "../../../support/engine-certificates";

const HOST = "127.0.0.1";

/** Extensions of the certificate files of a GitLab. */
type Files = Partial<Record<"crt" | "auth.crt" | "auth.key", string>>;

interface Started extends AsyncDisposable {
  readonly port: number;
}

async function start(server: Server): Promise<Started> {
  server.listen(0, HOST);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers as GitLab does, with the name in the client's certificate. */
const answer: RequestListener = ({ socket }, response) => {
  const { subject } = (socket as Partial<TLSSocket>).getPeerCertificate?.() ?? {};
  response.end(JSON.stringify({ client: subject?.CN ?? "none" }));
};

let made: EngineCertificates;
let folder = "";

beforeAll(async () => {
  made = await makeEngineCertificates(HOST);
  folder = mkdtempSync(join(tmpdir(), "certificate-files-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes the files, and removes the others. */
function writeFiles(files: Files): void {
  for (const end of ["crt", "auth.crt", "auth.key"] as const) {
    const file = join(folder, `${HOST}.${end}`);
    const text = files[end];
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }
}

const trust = (): Files => ({ crt: made.ca });
const identity = ({ cert, key }: KeyPair): Files => ({
  crt: made.ca,
  "auth.crt": cert,
  "auth.key": key,
});

function call(url: string, env: NodeJS.ProcessEnv = {}): Promise<ApiResult> {
  const request = { method: "POST", path: "/runners", body: {}, timeoutMs: 5_000 } as const;
  return connectGitlab(url, folder, env)(request);
}

/** Returns the result of a call to a server with TLS. */
async function ask(files: Files, options: ServerOptions, listener = answer): Promise<ApiResult> {
  writeFiles(files);
  await using server = await start(createServer(options, listener));
  return await call(`https://${HOST}:${server.port}`);
}

const MUTUAL = () => ({
  ...made.server,
  ca: made.ca,
  requestCert: true,
  rejectUnauthorized: true,
});

describe("a call to a GitLab with its own authority", () => {
  it("is answered if HOST.crt has the authority, for a URL with a port", async () => {
    expect(await ask(trust(), made.server)).toMatchObject({ kind: "status", status: 200 });
  });

  it("presents the client certificate in HOST.auth.crt", async () => {
    expect(await ask(identity(made.client), MUTUAL())).toMatchObject({
      kind: "status",
      body: { client: "client" },
    });
  });

  it("says that it does not trust the server, and where to put the authority", async () => {
    const result = await ask({}, made.server);
    expect(result).toMatchObject({ kind: "no response", sent: false });
    expect(result.message).toBe(
      "this replica does not trust the certificate of GitLab's server (unable to get local issuer " +
        "certificate): set `caCertificate`, or put the certificates of its authorities into " +
        join(folder, `${HOST}.crt`),
    );
    expect(await ask({ crt: made.otherCa }, made.server)).toMatchObject({
      message: expect.stringContaining("does not trust"),
    });
  });

  it("says that the server's certificate has expired", async () => {
    expect((await ask(trust(), made.expiredServer)).message).toBe(
      "the certificate of GitLab's server, or of one of its authorities, has expired: renew it " +
        "there, or correct this machine's clock",
    );
  });

  it("says that the server's certificate is for another host", async () => {
    expect((await ask(trust(), made.nameless)).message).toMatch(
      /^the certificate of GitLab's server is for another host \(IP: 127\.0\.0\.1 is not in the cert's list: \): set `gitlabUrl`/,
    );
  });

  it("says that the server does not use TLS on the port", async () => {
    writeFiles({});
    await using server = await start(createPlainServer(answer));
    expect((await call(`https://${HOST}:${server.port}`)).message).toMatch(
      /^GitLab's server does not use TLS on this port: /,
    );
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "says that the server requires a client certificate, with %s",
    async (version) => {
      const result = await ask(trust(), { ...MUTUAL(), minVersion: version, maxVersion: version });
      expect(result.kind).toBe("no response");
      expect(result.message).toMatch(
        /^GitLab's server (?:requires a client|closed the connection)/,
      );
      expect(result.message).toContain(
        "set `clientCertificate` and `clientKey`, or create " +
          `${join(folder, `${HOST}.auth.crt`)} and ${join(folder, `${HOST}.auth.key`)}`,
      );
    },
  );

  it("says that the server's nginx requires or rejects a client certificate", async () => {
    const nginx =
      (text: string): RequestListener =>
      (_, response) => {
        response.writeHead(400, { "content-type": "text/html" }).end(`<center>${text}</center>`);
      };
    const missing = nginx("No required SSL certificate was sent");
    expect(await ask(trust(), made.server, missing)).toMatchObject({
      kind: "no response",
      sent: false,
      message: expect.stringMatching(
        /^GitLab's server requires a client certificate \(400 Bad Request\): set `clientC/,
      ),
    });
    const wrong = nginx("The SSL certificate error");
    expect(await ask(identity(made.stranger), made.server, wrong)).toMatchObject({
      sent: false,
      message: `GitLab's server rejects the client certificate ${join(folder, `${HOST}.auth.crt`)} (400 Bad Request)`,
    });
  });
});

describe("a call through the proxy of the environment", () => {
  // An address that exists only behind the proxy.
  const URL = "http://gitlab.test";

  it("is sent to the proxy, unless NO_PROXY exempts the host", async () => {
    const asked: string[] = [];
    await using proxy = await start(
      createPlainServer((request, response) => {
        asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
        response.end("{}");
      }),
    );
    const http_proxy = `http://${HOST}:${proxy.port}`;
    expect(await call(URL, { http_proxy })).toMatchObject({ kind: "status", status: 200 });
    expect(asked).toEqual(["POST http://gitlab.test/api/v4/runners"]);
    const direct = await call(URL, { http_proxy, NO_PROXY: ".test" });
    expect(direct.message).toMatch(/^getaddrinfo E/);
    expect(asked).toHaveLength(1);
  });

  it("names the proxy in the message about a response that is not GitLab's", async () => {
    let status = 502;
    await using proxy = await start(
      createPlainServer((_, response) => response.writeHead(status).end("<h1>Proxy</h1>")),
    );
    const env = { HTTP_PROXY: `http://me:my-password@${HOST}:${proxy.port}` };
    const explain = async () => (await call(URL, env)).message;
    const through = `(through proxy ${HOST}:${proxy.port})`;

    expect(await explain()).toBe(`502 Bad Gateway ${through}`);
    status = 403;
    expect(await explain()).toBe(
      `the 403 response is not from GitLab: 403 Forbidden ${through} (if it is from the proxy, ` +
        "check that the proxy allows and reaches gitlab.test)",
    );
    status = 401;
    expect(await explain()).toContain(
      "(if it is from the proxy, correct the user and the password in RUNNER_PROXY_HTTP or HTTP_PROXY)",
    );
    status = 200;
    expect(await explain()).toBe(`the 200 response is not JSON ${through}`);
    status = 407;
    expect(await call(URL, env)).toEqual({
      kind: "no response",
      message:
        `proxy ${HOST}:${proxy.port} answered 407 Proxy Authentication Required (correct the user ` +
        "and the password in RUNNER_PROXY_HTTP or HTTP_PROXY)",
      sent: false,
    });
  });

  it("names the proxy if GitLab's certificate is not trusted", async () => {
    writeFiles({});
    await using server = await start(createServer(made.server, answer));
    const relay = createPlainServer();
    relay.on("connect", (_, client) => {
      const upstream = createConnection(server.port, HOST, () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      client.on("error", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
    });
    await using proxy = await start(relay);
    const { message } = await call("https://gitlab.test", {
      HTTPS_PROXY: `http://${HOST}:${proxy.port}`,
    });
    expect(message).toMatch(/^this replica does not trust the certificate of GitLab's server /);
    expect(message).toMatch(
      new RegExp(`gitlab\\.test\\.crt \\(through proxy ${HOST}:${proxy.port}\\)$`),
    );
  });
});

describe("checkRoute", () => {
  const check = (files: Files, env: NodeJS.ProcessEnv = {}, url = `https://${HOST}:8443`) => {
    writeFiles(files);
    return checkRoute(url, folder, env);
  };
  const path = (end: string) => join(folder, `${HOST}.${end}`);

  it("accepts files and proxies that can be used, and none", async () => {
    expect(await check({})).toBeUndefined();
    expect(await check(identity(made.client))).toBeUndefined();
    expect(await check({ crt: `# Our authorities\n${made.ca}\n${made.otherCa}` })).toBeUndefined();
    const env = { HTTPS_PROXY: "http://me:pw@proxy:3128" };
    expect(await check({}, env, "https://gitlab.test")).toBeUndefined();
  });

  it("reports files that are not certificates or keys, or do not belong together", async () => {
    const { cert, key } = made.client;
    const damaged = made.ca.replace(/MII./, "AAAA");
    expect(await check({ crt: "not PEM" })).toBe(
      `${path("crt")} must have certificates in PEM (-----BEGIN CERTIFICATE-----)`,
    );
    expect(await check({ crt: key })).toBe(
      `${path("crt")} must have certificates in PEM (-----BEGIN CERTIFICATE-----), not a private key`,
    );
    expect(await check({ crt: `${made.otherCa}${damaged}` })).toBe(
      `${path("crt")}: its certificate 2 is damaged`,
    );
    const both = `a client certificate needs ${path("auth.crt")} and ${path("auth.key")}`;
    expect(await check({ "auth.crt": cert })).toBe(`${path("auth.key")} is missing: ${both}`);
    expect(await check({ "auth.key": key })).toBe(`${path("auth.crt")} is missing: ${both}`);
    expect(await check({ "auth.crt": cert, "auth.key": made.stranger.key })).toBe(
      `${path("auth.key")} is not the key of ${path("auth.crt")}`,
    );
    expect(await check({ crt: "x", "auth.crt": cert, "auth.key": "y" })).toBe(
      `${path("crt")} must have certificates in PEM (-----BEGIN CERTIFICATE-----); ` +
        `${path("auth.key")} must be a private key in PEM without a passphrase`,
    );
    expect(await check({ crt: "not PEM" }, {}, `http://${HOST}`)).toBeUndefined();
  });

  it.each([
    ["socks5://me:my-password@proxy:1080", /^proxy proxy:1080 has the scheme socks5:\/\/, which/],
    ["http://me:my-password@proxy:port", /^HTTPS_PROXY is not the address of a proxy: set it to /],
  ])("reports the proxy %s, without its password", async (HTTPS_PROXY, problem) => {
    const found = await check({}, { HTTPS_PROXY }, "https://gitlab.test");
    expect(found).toMatch(problem);
    expect(found).not.toContain("my-password");
  });
});
