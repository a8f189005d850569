import { describe, expect, it } from "@jest/globals";
import type { EngineLocation } from "../../../../docker-engine/address";
import { EngineError } from "../../../../docker-engine/api";
import { checkEngine } from "../../../../tools/doctor/checks/engine";
import { HEALTHY_ENGINE, scriptedEngine } from "../../../support/scripted-engine";

const LOCATION = {
  host: "unix:///var/run/docker.sock",
  address: { kind: "socket", path: "/var/run/docker.sock" },
} as const;

describe("the check of the engine", () => {
  it("names the engine and its versions", async () => {
    const { outcome, value } = await checkEngine(() => LOCATION, scriptedEngine(HEALTHY_ENGINE));
    expect(outcome).toEqual({
      kind: "passed",
      text: "Docker 28.5.2 at unix:///var/run/docker.sock, API 1.51",
    });
    expect(value).toMatchObject({ apiVersion: "1.51", location: LOCATION });
  });

  const TCP = { host: "tcp://x:2375", address: { kind: "tcp", host: "x", port: 2375 } } as const;
  const SSH = { host: "ssh://x", address: { kind: "ssh", args: ["x"] } } as const;
  /** An error as that of the engine's client. */
  const fault = (code: string, name = "Error") =>
    new Error("cannot be reached", { cause: Object.assign(new Error(code), { code, name }) });

  it.each<[string, () => EngineLocation, Record<string, unknown>, string]>([
    [
      "the address is invalid",
      () => {
        throw new Error('the engine address "x" must start with unix://');
      },
      HEALTHY_ENGINE,
      'the engine address "x" must start with unix://',
    ],
    [
      "the socket does not exist",
      () => LOCATION,
      { "/version": fault("ENOENT") },
      "there is no socket unix:///var/run/docker.sock: start the engine, or correct the path in DOCKER_HOST or the docker context",
    ],
    [
      "the engine is stopped",
      () => LOCATION,
      { "/version": fault("ECONNREFUSED") },
      "nothing listens on unix:///var/run/docker.sock: start the engine",
    ],
    [
      "the user may not open the socket",
      () => LOCATION,
      { "/version": fault("EACCES") },
      "this user may not open unix:///var/run/docker.sock: run the command as root, or as a member of the group that owns the socket",
    ],
    [
      "nothing listens on TCP",
      () => TCP,
      { "/version": fault("ECONNREFUSED") },
      "nothing listens at tcp://x:2375: start the engine with that address, or correct DOCKER_HOST or the docker context",
    ],
    [
      "the engine does not answer in time",
      () => TCP,
      { "/version": fault("", "TimeoutError") },
      "tcp://x:2375 did not answer in time: check DOCKER_HOST or the docker context, the firewalls in between and the load of the engine",
    ],
    [
      "the engine requires TLS and closes the connection",
      () => TCP,
      { "/version": fault("ECONNRESET") },
      "tcp://x:2375 closed the connection without an answer: check that an engine listens there, and whether it requires TLS",
    ],
    [
      "the login with ssh fails",
      () => SSH,
      { "/version": fault("ECONNRESET") },
      "ssh://x cannot be reached (ECONNRESET): check that `ssh` logs in there without a question, and that `docker version` works there",
    ],
    [
      "another error occurs",
      () => TCP,
      { "/version": fault("EMFILE") },
      "tcp://x:2375 cannot be reached (EMFILE): check DOCKER_HOST or the docker context",
    ],
    [
      "another server answers",
      () => TCP,
      { "/version": new EngineError("404 Not Found", 404) },
      "what answers at tcp://x:2375 is not a Docker engine, or requires TLS (it answered 404: 404 Not Found): correct DOCKER_HOST or the docker context, or set DOCKER_CERT_PATH to the folder of your client certificate",
    ],
    [
      "a page answers",
      () => LOCATION,
      { "/version": new SyntaxError("Unexpected token") },
      "what answers at unix:///var/run/docker.sock is not a Docker engine (its answer is not JSON): correct DOCKER_HOST or the docker context",
    ],
    [
      "its API is too old",
      () => LOCATION,
      { "/version": { Version: "19.03.15", ApiVersion: "1.40" } },
      "Docker 19.03.15 at unix:///var/run/docker.sock, API 1.40, but API 1.41 is required: update the engine to Docker 20.10 or later",
    ],
  ])("fails if %s", async (_, locate, answers, problem) => {
    const { outcome, value } = await checkEngine(locate, scriptedEngine(answers));
    expect(outcome).toEqual({ kind: "failed", problems: [problem] });
    expect(value).toBeUndefined();
  });
});
