import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { checkRoute } from "../../../../runner-image/src/gitlab/check-route";
import { connectGitlab } from "../../../../runner-image/src/gitlab/client";
import { type AuthorityChain, makeAuthorityChain } from "../../../support/authority-chain";
import { makeCertificate } from "../../../support/certificate";

const HOST = "127.0.0.1";

async function start(server: Server) {
  server.listen(0, HOST);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), "certificate-files-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes certificate files of `gitlab.test`, by their ends, and removes the others. */
function writeFiles(files: Readonly<Partial<Record<string, string>>>): void {
  for (const end of ["crt", "auth.crt", "auth.key"]) {
    const file = join(folder, `gitlab.test.${end}`);
    rmSync(file, { force: true });
    if (files[end] !== undefined) writeFileSync(file, files[end]);
  }
}

async function call(url: string, env: NodeJS.ProcessEnv) {
  const request = { method: "POST", path: "/runners", body: {}, timeoutMs: 5_000 } as const;
  return await connectGitlab(url, folder, env)(request);
}

describe("a call through a proxy", () => {
  it("says what to do about a proxy that is away or does not connect to GitLab", async () => {
    await using proxy = await start(
      createPlainServer().on("connect", (_, socket) => socket.end("HTTP/1.1 403 Filtered\r\n\r\n")),
    );
    const address = `${HOST}:${proxy.port}`;
    const explain = async () =>
      (await call("https://gitlab.test", { HTTPS_PROXY: `http://${address}` })).message;
    expect(await explain()).toBe(
      `proxy ${address} answered 403 Filtered (check that the proxy allows and reaches gitlab.test)`,
    );
    await proxy[Symbol.asyncDispose]();
    expect(await explain()).toBe(
      `proxy ${address} cannot be reached: connect ECONNREFUSED ${address} ` +
        "(check the proxy, and its address in RUNNER_PROXY_HTTPS or HTTPS_PROXY)",
    );
  });
});

describe("a call through a proxy with TLS", () => {
  let chain: AuthorityChain;
  beforeAll(async () => {
    chain = await makeAuthorityChain(HOST);
  });

  /** Sends a request to a GitLab without TLS, with these authorities in HOST.crt. */
  const callThrough = async (crt: string | undefined) => {
    writeFiles({ ...(crt !== undefined && { crt }) });
    const tls = { cert: chain.leaf, key: chain.key };
    await using proxy = await start(createServer(tls, (_, response) => response.end("{}")));
    return await call("http://gitlab.test", { HTTP_PROXY: `https://${HOST}:${proxy.port}` });
  };

  it("trusts the authorities in HOST.crt, as gitlab-runner does, also without their root", async () => {
    expect(await callThrough(chain.intermediate)).toMatchObject({ kind: "status", status: 200 });
  });

  it("says where to put the authorities of a proxy that is not trusted", async () => {
    expect((await callThrough(undefined)).message).toMatch(
      /^proxy 127\.0\.0\.1:\d+ cannot be reached: unable to get local issuer certificate \(put the certificate authorities of the proxy into \/.*\/gitlab\.test\.crt\)$/,
    );
  });

  it("is refused at the start if HOST.crt is not usable", async () => {
    writeFiles({ crt: "not PEM" });
    const check = (HTTP_PROXY: string) => checkRoute("http://gitlab.test", folder, { HTTP_PROXY });
    expect(await check("https://proxy:3128")).toMatch(/gitlab\.test\.crt must have certificates/);
    expect(await check("http://proxy:3128")).toBeUndefined();
  });
});

describe("checkRoute", () => {
  it.each([
    ["a byte order mark", (pem: string) => `\uFEFF${pem}`],
    ["text before the first line", (pem: string) => `CA: ${pem}`],
    ["text after the last line", (pem: string) => `${pem.trimEnd()} # CA`],
    ["no line break between two", (pem: string) => pem.trimEnd() + pem],
  ])("reports a certificate that gitlab-runner would skip: %s", async (_, damage) => {
    using made = await makeCertificate();
    const { cert, key } = made;
    const check = (files: Readonly<Record<string, string>>) => {
      writeFiles(files);
      return checkRoute("https://gitlab.test", folder, {});
    };
    expect(await check({ crt: damage(cert) })).toMatch(
      /gitlab\.test\.crt has text in the same line before -----BEGIN or after -----END: /,
    );
    expect(await check({ "auth.crt": damage(cert), "auth.key": key })).toMatch(
      /auth\.crt has text in the same line/,
    );
    const crlf = cert.replaceAll("\n", "\r\n");
    expect(await check({ crt: `\uFEFF# Our CA\r\n${crlf}` })).toBeUndefined();
  });
});
