import { createServer } from "node:https";
import { describe, expect, it } from "@jest/globals";
import { connectGitlab } from "../../../http/gitlab-transport";
import { makeCertificate } from "../../support/certificate";
import { listenLocally } from "../../support/local-server";

describe("the transport to a GitLab that requires a client certificate", () => {
  it("uses the files that gitlab-runner names in its jobs, or the certificates of the pool", async () => {
    using certificate = await makeCertificate();
    const { cert, key, file, keyFile } = certificate;
    const mutual = { cert, key, ca: [cert], requestCert: true, rejectUnauthorized: true };
    await using https = await listenLocally(
      createServer(mutual, (_, response) => response.end("hello")),
    );
    const url = new URL(`https://${https.host}/`);
    const ask = (
      env: Readonly<Record<string, string>>,
      own?: Parameters<typeof connectGitlab>[2],
    ): Promise<unknown> =>
      connectGitlab(env, 5_000, own)({ method: "GET", url, headers: {}, body: undefined });
    const authority = { CI_SERVER_TLS_CA_FILE: file };
    const identity = { CI_SERVER_TLS_CERT_FILE: file, CI_SERVER_TLS_KEY_FILE: keyFile };

    expect(await ask({ ...authority, ...identity })).toMatchObject({ status: 200 });
    const own = { caCertificate: cert, clientCertificate: cert, clientKey: key };
    expect(await ask({}, own)).toMatchObject({ status: 200 });
    await expect(ask(identity)).rejects.toThrow(
      "set `caCertificate` to its certificate authority, or SSL_CERT_FILE or NODE_EXTRA_CA_CERTS to a file with it",
    );
    await expect(ask(authority)).rejects.toThrow(
      "requires a client certificate (alert certificate required): set CI_SERVER_TLS_CERT_FILE and CI_SERVER_TLS_KEY_FILE to the files of a client certificate and its key",
    );
  });

  it("names the variable of a file that is missing or cannot be read", async () => {
    using certificate = await makeCertificate();
    expect(() => connectGitlab({ CI_SERVER_TLS_CERT_FILE: certificate.file }, 5_000)).toThrow(
      "CI_SERVER_TLS_CERT_FILE is set, but CI_SERVER_TLS_KEY_FILE is not: set both or neither",
    );
    expect(() => connectGitlab({ CI_SERVER_TLS_CA_FILE: "/no/ca" }, 5_000)).toThrow(
      "CI_SERVER_TLS_CA_FILE names /no/ca, which cannot be read (ENOENT)",
    );
  });
});
