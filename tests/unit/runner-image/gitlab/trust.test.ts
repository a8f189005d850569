import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ApiResult, connectGitlab } from "../../../../runner-image/src/gitlab/client";
import { type AuthorityChain, makeAuthorityChain } from "../../../support/authority-chain";

let chain: AuthorityChain;
beforeAll(async () => {
  chain = await makeAuthorityChain("127.0.0.1");
});

const folder = mkdtempSync(join(tmpdir(), "certs-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Sends a request to a server with this chain, and trusts the authorities in `HOST.crt`. */
async function request(presented: string, trusted: string): Promise<ApiResult> {
  writeFileSync(join(folder, "127.0.0.1.crt"), trusted);
  const tls = { cert: presented, key: chain.key };
  const server = createServer(tls, (_, response) => response.writeHead(204).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const call = { method: "DELETE", path: "/runners", body: {}, timeoutMs: 5_000 } as const;
    return await connectGitlab(url, folder, {})(call);
  } finally {
    server.close();
  }
}

describe("a server's certificate", () => {
  it.each<[string, (made: AuthorityChain) => readonly [string, string]]>([
    ["its root", ({ leaf, intermediate, root }) => [leaf + intermediate, root]],
    ["the authority that issued it", ({ leaf, intermediate }) => [leaf, intermediate]],
    ["the certificate itself", ({ leaf }) => [leaf, leaf]],
    ["a whole chain", ({ leaf, intermediate, root }) => [leaf, leaf + intermediate + root]],
  ])("is trusted, as by gitlab-runner, if the CA certificate is %s", async (_, choose) => {
    expect(await request(...choose(chain))).toMatchObject({ kind: "status", status: 204 });
  });

  it("is not trusted if the server does not send the intermediate one", async () => {
    expect(await request(chain.leaf, chain.root)).toMatchObject({
      kind: "no response",
      message: expect.stringContaining("caCertificate"),
    });
  });
});
