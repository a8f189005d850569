import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, expect, it } from "@jest/globals";
import { createRegistryTransport } from "../../../../components/registry/transport";
import { makeCertificate } from "../../../support/certificate";
import { listenLocally } from "../../../support/local-server";

/** Answers with the method, the address and the login of the request. */
const echo: RequestListener = ({ method, url, headers }, response) => {
  const login = headers.authorization ?? "none";
  response.writeHead(202, { location: "/v2/u/1" }).end(`${method ?? ""} ${url ?? ""} ${login}`);
};

const REQUEST = { method: "POST", headers: { authorization: "Basic x" } } as const;

describe("a request to a registry", () => {
  it("is sent without TLS, with its headers", async () => {
    await using server = await listenLocally(createServer(echo));
    const url = new URL(`http://${server.host}/v2/a/blobs/uploads/`);
    const answer = await createRegistryTransport({})({ ...REQUEST, url });
    expect([answer.status, answer.header("location"), answer.text]).toEqual([
      202,
      "/v2/u/1",
      "POST /v2/a/blobs/uploads/ Basic x",
    ]);
  });

  it("is sent with TLS only to a server that the docker provider trusts, too", async () => {
    using certificate = await makeCertificate();
    const { cert, key, file } = certificate;
    let received = 0;
    const server = createTlsServer({ cert, key }, (request, response) => {
      received += 1;
      echo(request, response);
    });
    await using https = await listenLocally(server);
    const url = new URL(`https://${https.host}/v2/`);
    const ask = (env: Readonly<Record<string, string>>) =>
      createRegistryTransport(env)({ ...REQUEST, url });

    await expect(ask({ NODE_EXTRA_CA_CERTS: file })).rejects.toMatchObject({ fault: "untrusted" });
    expect(received).toBe(0);
    expect((await ask({ SSL_CERT_FILE: file })).status).toBe(202);
  });
});
