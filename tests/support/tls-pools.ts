import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { removeJobObjects } from "../../dev/job-objects";
import { removePlaces } from "../../dev/places";
import { PoolStack } from "../../dev/pulumi/pool-stack";
import { type Gitlab, startGitlab } from "../../fake-gitlab";
import { type EngineCertificates, makeEngineCertificates } from "./engine-certificates";
import { GitServer } from "./git-server";
import { localSettings } from "./pool-fixture";
import { startTlsFront, type TlsFront } from "./tls-front";

/** A GitLab that is reachable only through TLS. */
export interface SecureGitlab {
  readonly gitlab: Gitlab;
  readonly front: TlsFront;
  readonly token: string;
}

/**
 * A stack with two pools, each with its own GitLab behind the same private CA. Both serve a
 * repository with the file `secret.txt`. Nothing is deployed yet.
 */
export interface TlsPools extends AsyncDisposable {
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  readonly stack: PoolStack;
  readonly certificates: EngineCertificates;
  /** Of the default pool: requires a client certificate. */
  readonly strict: SecureGitlab;
  /** Of the pool `open`: does not. */
  readonly open: SecureGitlab;
  /** The commit in the repository. */
  readonly sha: string;
}

export async function createTlsPools(): Promise<TlsPools> {
  const platform = await readFacts();
  const docker = new Docker({ socketPath: platform.dockerHost.slice("unix://".length) });
  const git = await GitServer.start([]);
  await writeFile(join(git.folder, "secret.txt"), "through TLS\n");
  const sha = await git.commit("A file", "main");
  const certificates = await makeEngineCertificates(platform.hostAddress);
  const { ca, server, client } = certificates;

  const start = async (tls: object): Promise<SecureGitlab> => {
    // On loopback, so that containers reach it only through TLS.
    const gitlab = await startGitlab({ switches: { longPollSeconds: 0, traceIntervalSeconds: 1 } });
    const front = await startTlsFront(platform.hostAddress, gitlab.url, { ...server, ...tls });
    gitlab.instance.externalUrl = front.url;
    gitlab.instance.repositories.set("ci/demo", join(git.folder, ".git"));
    return { gitlab, front, token: (await gitlab.createRunner({ runUntagged: true })).token };
  };
  const strict = await start({ ca, requestCert: true, rejectUnauthorized: true });
  const open = await start({});
  const stack = await PoolStack.create({
    platform,
    config: {
      ...localSettings(platform, strict.front.url),
      ...{ replicas: 1, token: strict.token, onlineTimeout: "60s" },
      caCertificate: ca,
      clientCertificate: client.cert,
      clientKey: client.key,
      pools: {
        open: {
          ...{ gitlabUrl: open.front.url, token: open.token },
          ...{ clientCertificate: null, clientKey: null },
        },
      },
    },
  });
  return {
    ...{ platform, docker, stack, certificates, strict, open, sha },
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await removePlaces(docker, stack.serviceName);
      for (const { gitlab, front } of [strict, open]) {
        await removeJobObjects(docker, front.url);
        await front[Symbol.asyncDispose]();
        await gitlab.stop();
      }
      await git[Symbol.asyncDispose]();
    },
  };
}
