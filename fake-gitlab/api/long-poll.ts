import type { FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { currentQueueValue, holdPoll } from "../state/queue";
import { findRunnerByToken } from "../state/runners";
import { closed } from "./connection";
import { noteHeld } from "./identity";
import { rawParams } from "./params";

/** Maximum size in bytes of a job request that Workhorse parses. */
const LARGEST_BODY = 32 * 1024;

/**
 * Does what Workhorse does in front of GitLab if long polls are enabled. It holds a request whose
 * `last_update` is current. As soon as something changes or the time is over, it responds with 204,
 * without a job and without a new `last_update`. The next request gets the job. A held request does
 * not reach GitLab, so it does not count as contact and creates no manager.
 * @returns true if it responded; false to pass the request to GitLab
 */
export async function longPoll(
  instance: Instance,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const ms = instance.switches.longPollSeconds * 1000;
  if (ms === 0) return false;
  reply.header("Gitlab-Ci-Builds-Polling", "yes");
  // Workhorse parses only JSON.
  if (request.headers["content-type"]?.startsWith("application/json") !== true) return false;
  if (Number(request.headers["content-length"] ?? 0) > LARGEST_BODY) {
    reply.code(413).type("text/plain").send("Request Entity Too Large\n");
    return true;
  }
  const { token, last_update } = rawParams(request);
  const runner = typeof token === "string" ? findRunnerByToken(instance, token) : undefined;
  if (runner === undefined || typeof last_update !== "string") return false;
  if (last_update !== currentQueueValue(instance, runner)) return false;
  noteHeld(instance, request, "long poll");
  await holdPoll(instance, runner, ms, closed(reply));
  reply.code(204).send();
  return true;
}
