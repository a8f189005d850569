import { createServer as createTlsServer } from "node:https";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { checkGitlab } from "../../../../tools/doctor/checks/gitlab";
import { makeCertificate } from "../../../support/certificate";
import { stackSettings } from "../../../support/doctor-settings";
import { listenLocally } from "../../../support/local-server";
import { startUnitProxy } from "../../../support/unit-proxy";

const answer: RequestListener = (_, response) => {
  response.writeHead(401, { "content-type": "application/json" }).end('{"message":"401"}');
};

type Env = Readonly<Record<string, string>>;

const check = async (config: Readonly<Record<string, string>>, url: string, env: Env = {}) =>
  (await checkGitlab(stackSettings(config, url), env, () => undefined)).outcome;

/** Checks a stack with a proxy on this machine, which the settings reject. */
const checkProxy = async (http: string, url: string, env: Env) => {
  const settings = stackSettings({}, url);
  const args = { ...settings.pool.args, proxy: { http, noProxy: ["other.test"] } };
  const own = { ...settings, pool: { ...settings.pool, args } };
  return (await checkGitlab(own, env, () => undefined)).outcome;
};

const ANSWERS = "answers, its version is unknown: GITLAB_TOKEN is not set";

describe("the check of GitLab with the settings of the replicas", () => {
  it("uses caCertificate for both, and says so", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    await using https = await listenLocally(createTlsServer({ cert, key }, answer));
    const url = `https://${https.host}`;
    expect(await check({ caCertificate: cert }, url)).toEqual({
      kind: "passed",
      text: `${url} ${ANSWERS}; also with the certificates of the replicas`,
    });
    expect(await check({ caCertificate: `@${certificate.file}` }, url)).toMatchObject({
      kind: "passed",
    });
  });

  it("warns if only this machine trusts the certificate", async () => {
    using certificate = await makeCertificate();
    const { cert, key, file } = certificate;
    await using https = await listenLocally(createTlsServer({ cert, key }, answer));
    const url = `https://${https.host}`;
    expect(await check({}, url, { SSL_CERT_FILE: file })).toEqual({
      kind: "warned",
      text: `${url} ${ANSWERS}; with the proxy and the certificates of the replicas, this machine cannot reach GitLab: this machine does not trust the certificate of ${https.host} (self-signed certificate): set \`caCertificate\` to its certificate authority, or add that to your own \`baseImage\`; the network of the nodes may differ`,
    });
  });

  it("fails if GitLab requires a client certificate that the stack does not set", async () => {
    using certificate = await makeCertificate();
    const { cert, key } = certificate;
    const mutual = { cert, key, ca: [cert], requestCert: true, rejectUnauthorized: true };
    await using https = await listenLocally(createTlsServer(mutual, answer));
    const url = `https://${https.host}`;
    expect(await check({ caCertificate: cert }, url)).toEqual({
      kind: "failed",
      problems: [
        `${https.host} requires a client certificate (alert certificate required): set \`clientCertificate\` and \`clientKey\` to one that GitLab accepts`,
      ],
    });
    const own = { caCertificate: cert, clientCertificate: cert, clientKey: key };
    expect(await check(own, url)).toMatchObject({ kind: "passed" });
  });

  it("asks through the proxy of the stack, and fails if the proxy rejects its login", async () => {
    await using http = await listenLocally(createServer(answer));
    await using proxy = await startUnitProxy({ login: "me:right" });
    const url = `http://gitlab.test:${http.port}`;
    const env = { HTTP_PROXY: `http://me:right@${proxy.address}` };
    const passing = await checkProxy(`http://me:right@${proxy.address}`, url, env);
    expect(passing).toEqual({
      kind: "passed",
      text: `${url} ${ANSWERS}; also with the proxy of the replicas`,
    });
    const rejected = await checkProxy(`http://me:wrong-word@${proxy.address}`, url, env);
    expect(rejected).toEqual({
      kind: "failed",
      problems: [
        `with the proxy and the certificates of the replicas, this machine cannot reach GitLab: proxy ${proxy.address} answered 407 Proxy Authentication Required: correct the user and the password in \`proxy.http\` and \`proxy.https\``,
      ],
    });
    const gone = await listenLocally(createServer());
    await gone[Symbol.asyncDispose]();
    expect(await checkProxy(`http://${gone.host}`, url, env)).toMatchObject({
      kind: "warned",
      text: expect.stringMatching(/cannot be reached: .+; the network of the nodes may differ$/),
    });
  });

  it.each([
    [401, "Unauthorized", "<html>tinyproxy</html>", "failed"],
    [401, "Unauthorized", "", "failed"],
    [403, "Forbidden", "<html>filtered</html>", "warned"],
    [503, "Service Unavailable", "<html>no route</html>", "warned"],
    [200, "OK", "<html>Welcome</html>", "warned"],
    [200, "OK", '{"status":"on"}', "warned"],
  ] as const)(
    "does not take the answer of a proxy for GitLab's: %i %s %s",
    async (status, reason, page, kind) => {
      await using http = await listenLocally(createServer(answer));
      await using right = await startUnitProxy();
      const refuse: RequestListener = (_, response) => response.writeHead(status).end(page);
      await using wrong = await listenLocally(createServer(refuse));
      const url = `http://gitlab.test:${http.port}`;
      const env = { HTTP_PROXY: `http://${right.address}` };
      const outcome = await checkProxy(`http://ci:wrong-word@${wrong.host}`, url, env);
      expect(outcome.kind).toBe(kind);
      const line = `the answer through proxy ${wrong.host} is not from GitLab: ${status} ${reason}: `;
      expect(JSON.stringify(outcome)).toContain(line);
      expect(JSON.stringify(outcome)).not.toContain("wrong-word");
    },
  );

  it("does not say that it used a proxy that GitLab does not need", async () => {
    using certificate = await makeCertificate();
    const { cert, key, file } = certificate;
    await using https = await listenLocally(createTlsServer({ cert, key }, answer));
    const settings = stackSettings({ caCertificate: `@${file}` }, `https://${https.host}`);
    const args = { ...settings.pool.args, proxy: { http: "http://proxy.test:3128" } };
    const own = { ...settings, pool: { ...settings.pool, args } };
    expect((await checkGitlab(own, {}, () => undefined)).outcome).toMatchObject({
      kind: "passed",
      text: expect.stringMatching(/; also with the certificates of the replicas$/),
    });
  });
});
