import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "@jest/globals";
import { findJobLoginProblems } from "../../../components/registry/job-logins";
import { createRegistryTransport } from "../../../components/registry/transport";
import { createDockerProvider } from "../../../stack/docker-provider";
import { listJobLogins } from "../../../stack/job-logins";
import { stackSettings, TOKEN } from "../../support/doctor-settings";
import { listenLocally } from "../../support/local-server";
import { declare } from "../../support/mocks";

const LOGIN = { username: "ci", password: "password-of-ci" };
const WRONG = { ...LOGIN, password: "wrong-password" };
const BASIC = `Basic ${Buffer.from("ci:password-of-ci").toString("base64")}`;
const UNAUTHORIZED =
  '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}';

/** Starts a registry that knows one login. It records the logins that it gets. */
async function startRegistry() {
  const logins: string[] = [];
  const answer: RequestListener = ({ headers: { authorization = "" } }, response) => {
    if (authorization !== "") logins.push(authorization);
    if (authorization === BASIC) response.writeHead(200).end("{}");
    else response.writeHead(401, { "www-authenticate": "Basic realm=a" }).end(UNAUTHORIZED);
  };
  const server = await listenLocally(createServer(answer));
  return Object.assign(server, { logins });
}

function find(config: Readonly<Record<string, string>>, env = {}, timeoutMs = 5_000) {
  const { pool, additionalPools } = stackSettings(config, undefined, env);
  const logins = [pool, ...additionalPools].flatMap(listJobLogins);
  return findJobLoginProblems(logins, createRegistryTransport({}, timeoutMs));
}

const message = (host: string, setting: string) =>
  `${host} rejects the login of user ci (unauthorized: authentication required), so nothing was changed: correct its username and password in ${setting}`;

describe("the logins for the images of jobs", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it("are tried before an update: each rejected one is reported once, where it was set", async () => {
    await using first = await startRegistry();
    await using second = await startRegistry();
    const jobRegistries = JSON.stringify({ [first.host]: WRONG, [second.host]: LOGIN });
    const own = { token: TOKEN, jobRegistries: { [second.host]: WRONG } };
    const pools = JSON.stringify({ big: own, small: { token: TOKEN } });
    expect(await find({ jobRegistries, pools })).toEqual([
      message(first.host, "`jobRegistries`"),
      message(second.host, "`pools.big.jobRegistries`"),
    ]);
    expect(await find({}, { RUNNER_JOB_REGISTRIES: jobRegistries })).toEqual([
      message(first.host, "RUNNER_JOB_REGISTRIES (`jobRegistries`)"),
    ]);
  });

  it("are not a problem if the registry does not answer, or has another problem", async () => {
    await using silent = await listenLocally(createServer(() => undefined));
    await using broken = await listenLocally(
      createServer((_, response) => response.writeHead(403).end("<html>blocked</html>")),
    );
    const hosts = [silent.host, broken.host, "127.0.0.1:9"];
    const registries = Object.fromEntries(hosts.map((host) => [host, LOGIN]));
    expect(await find({ jobRegistries: JSON.stringify(registries) }, {}, 100)).toEqual([]);
  });

  it("are tried by a preview, too", async () => {
    await using registry = await startRegistry();
    process.env["DOCKER_HOST"] = "unix:///var/run/docker.sock";
    const { pool, registry: ofImage } = stackSettings({
      jobRegistries: JSON.stringify({ [registry.host]: LOGIN }),
    });
    await declare(() => createDockerProvider("docker", ofImage, listJobLogins(pool)), {
      preview: true,
    });
    expect(registry.logins).toEqual([BASIC]);
  });
});
