import { describe, expect, it } from "@jest/globals";
import { plainLog } from "../../../fake-gitlab/state/plain-log";

const ESC = String.fromCharCode(27);

describe("plainLog", () => {
  it("removes timestamps, section markers and colors, and lines without other content", () => {
    const raw = [
      `2026-11-24T10:04:39.678925Z 00O ${ESC}[0KRunning with gitlab-runner${ESC}[0;m`,
      `2026-11-24T10:04:39.678946Z 00O section_start:1795514679:prepare_executor\r${ESC}[0K`,
      `2026-11-24T10:04:39.678955Z 00O+${ESC}[0K${ESC}[36;1mPreparing${ESC}[0;m`,
      `2026-11-24T10:04:39.679002Z 00O section_end:1795514679:prepare_executor\r${ESC}[0K`,
      `2026-11-24T10:04:39.726842Z 01O ${ESC}[32;1m$ echo hello${ESC}[0;m`,
      `2026-11-24T10:04:39.726877Z 01O hello`,
      "",
    ].join("\n");
    expect(plainLog(raw)).toBe("Running with gitlab-runner\nPreparing\n$ echo hello\nhello\n");
  });

  it("keeps a log without timestamps unchanged, including empty lines", () => {
    expect(plainLog("a\n\n  b + c\n")).toBe("a\n\n  b + c\n");
  });
});
