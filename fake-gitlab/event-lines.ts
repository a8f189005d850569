import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { EventLog, GitlabEvent } from "./state/events";

/** Formats an event as a line of a log. No event contains a token. */
function eventLine(event: GitlabEvent): string {
  return `${new Date(event.at).toISOString()} ${describe(event)}`;
}

function describe(event: GitlabEvent): string {
  switch (event.kind) {
    case "request": {
      const fault = event.faultId === null ? "" : ` fault ${event.faultId}`;
      return `${event.endpoint} ${event.status ?? "no answer"} ${event.durationMs} ms${who(event)}${fault}`;
    }
    case "held":
      return `${event.endpoint} held (${event.why})${who(event)}`;
    case "job": {
      const reason = event.failureReason === null ? "" : ` (${event.failureReason})`;
      const name = JSON.stringify(event.name);
      return `job ${event.jobId} ${name}: ${event.from ?? "new"} -> ${event.to}${reason}${who({ ...event, jobId: null })}`;
    }
    case "manager":
      return `manager ${event.systemId} of runner ${event.runnerId} ${event.change}`;
    case "runner":
      return `runner ${event.runnerId} ${event.change}`;
  }
}

function who(ids: {
  runnerId: number | null;
  systemId: string | null;
  jobId: number | null;
}): string {
  return [
    ids.runnerId === null ? "" : ` runner ${ids.runnerId}`,
    ids.systemId === null ? "" : ` ${JSON.stringify(ids.systemId).slice(1, -1)}`,
    ids.jobId === null ? "" : ` job ${ids.jobId}`,
  ].join("");
}

/**
 * Appends every event to a file.
 * @returns a function that stops this
 */
export function logEvents(events: EventLog, file: string): () => Promise<void> {
  const stream = createWriteStream(file, { flags: "a" });
  const stopListening = events.listen((event) => stream.write(`${eventLine(event)}\n`));
  return async () => {
    stopListening();
    stream.end();
    await finished(stream);
  };
}
