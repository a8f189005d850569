import type { FastifyReply } from "fastify";
import type { Instance } from "../state/instance";
import { isFinal, type Job } from "../state/job";
import { plainLog } from "../state/plain-log";
import { watchTrace } from "../state/trace";
import { viewPage } from "./view";

/** Delay that combines a quick series of changes into one message. */
const GATHER_MS = 250;
const KEEP_ALIVE_MS = 15_000;
const LOG_MS = 500;
/** Number of bytes to show from the end of a log. */
const LOG_BYTES = 256 * 1024;

/** Sends the page's data now and after each change, until the reader disconnects. */
export function sendFeed(instance: Instance, reply: FastifyReply): void {
  const send = openStream(reply);
  let gathering: NodeJS.Timeout | undefined;
  const push = (): void => {
    gathering = undefined;
    send("state", viewPage(instance));
  };
  const stopListening = instance.events.listen(() => {
    gathering ??= setTimeout(push, GATHER_MS);
  });
  const keepAlive = setInterval(push, KEEP_ALIVE_MS);
  whenOver(instance, reply, () => {
    stopListening();
    clearTimeout(gathering);
    clearInterval(keepAlive);
  });
  push();
}

/**
 * Sends a job's log whenever it has grown, until the job has ended. A reader counts as watching.
 */
export function sendLog(instance: Instance, reply: FastifyReply, job: Job): void {
  const send = openStream(reply);
  let sent: number | undefined;
  const push = (): void => {
    watchTrace(instance, job);
    const { length } = job.trace;
    if (length !== sent) send("log", shownLog(job));
    sent = length;
    if (!isFinal(job.status)) return;
    send("end", {});
    clearInterval(timer);
  };
  const timer = setInterval(push, LOG_MS);
  whenOver(instance, reply, () => {
    clearInterval(timer);
  });
  push();
}

function shownLog(job: Job): { text: string; cut: boolean } {
  const shown = job.trace.subarray(-LOG_BYTES);
  return { text: plainLog(shown.toString("utf8")), cut: shown.length < job.trace.length };
}

function openStream(reply: FastifyReply): (event: string, data: unknown) => void {
  reply.hijack();
  reply.raw.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  return (event, data) => {
    reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
}

function whenOver(instance: Instance, reply: FastifyReply, end: () => void): void {
  reply.raw.once("close", end);
  instance.stopping.signal.addEventListener("abort", () => reply.raw.end(), { once: true });
}
