import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";

const LIB = resolve(__dirname, "../../runner-image");

/** A stop that begins before the watch, which was just forked, has set its own trap. */
const SCRIPT = `
  trap : TERM
  wait_for() { while wait "$1"; code=$?; kill -0 "$1" 2>/dev/null; do :; done; }
  run_node() { :; }
  . "$1/shutdown.sh"
  runner_pid=$$ runner_exit='' stop_forced=''
  watch() { trap 'exit 7' TERM; while :; do sleep 0.02; done; }
  watch & watch_pid=$!
  start_stop
  wait_for "$watch_pid"
`;

describe("a stop", () => {
  // Without a repeated signal, nearly every one of these would keep running.
  it.concurrent.each([1, 2, 3, 4, 5])("ends a watch that was just started (run %d)", async () => {
    const { exitCode, timedOut } = await execa("sh", ["-c", SCRIPT, "sh", LIB], {
      timeout: 10_000,
      killSignal: "SIGKILL",
      reject: false,
    });
    expect({ exitCode, timedOut }).toEqual({ exitCode: 0, timedOut: false });
  });
});
