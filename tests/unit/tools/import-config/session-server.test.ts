import { describe, expect, it } from "@jest/globals";
import { importConfig } from "../../../support/import-config";

describe("a session server in a config.toml", () => {
  it("is imported with the note that no replica can be reached", async () => {
    const { code, printed } = await importConfig(`[session_server]
listen_address = "[::]:8093"
advertise_address = "old.example.com:8093"
[[runners]]
url = "https://gitlab.example.com"
token = "glrt-t1_0123456789"
executor = "docker"
[[runners]]
url = "https://gitlab.example.com"
token = "glrt-t2_0123456789"
executor = "shell"
`);
    const notes = printed.split("\n").filter((line) => line.includes("line 2: session_server"));
    expect(notes).toEqual([
      "#   line 2: session_server becomes a part of `configTemplate`, but a pool publishes no port for it, so web terminals do not reach the replicas. Its advertise_address is that of the old machine: remove session_server from the template, unless the replicas can be reached there",
    ]);
    expect(code).toBe(0);
  });
});
