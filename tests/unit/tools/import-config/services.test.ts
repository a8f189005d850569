import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { importConfig } from "../../../support/import-config";

const RUNNER = `[[runners]]
name = "builds"
url = "https://gitlab.example.com"
token = "glrt-t1_0123456789"
executor = "docker"
`;

/** Returns the imported services. */
function servicesIn(printed: string): unknown {
  const { config } = parse(printed) as { readonly config: Readonly<Record<string, unknown>> };
  return config["gitlab-runner-pool:docker"];
}

describe("services with secrets", () => {
  it("are imported without the secret variables", async () => {
    const { code, printed } = await importConfig(`${RUNNER}[[runners.docker.services]]
name = "postgres:17"
alias = "db"
environment = ["POSTGRES_PASSWORD=hunter2!", "POSTGRES_USER=ci"]
[[runners.docker.services]]
name = "mariadb:11"
environment = ["MARIADB_ROOT_PASSWORD=hunter3!"]
`);
    expect(servicesIn(printed)).toEqual({
      services: [
        { name: "postgres:17", alias: "db", environment: { POSTGRES_USER: "ci" } },
        { name: "mariadb:11" },
      ],
    });
    expect(printed).toContain(
      "#   line 6: runners.docker.services.environment: POSTGRES_PASSWORD looks like a secret, and `docker.services` is not kept secret: set it in `secretEnvironment`, whose variables jobs and services get\n",
    );
    expect(printed).not.toMatch(/hunter/);
    expect(code).toBe(1);
  });

  it("are left out if the secret is elsewhere, and other services are imported", async () => {
    const { code, printed } = await importConfig(`${RUNNER}[[runners.docker.services]]
name = "redis:8"
command = ["--requirepass", "hunter2!"]
[[runners.docker.services]]
name = "memcached:1"
`);
    expect(servicesIn(printed)).toEqual({ services: [{ name: "memcached:1" }] });
    expect(printed).toContain("line 6: runners.docker.services: entry 1 of 2 contains what looks");
    expect(printed).not.toMatch(/hunter/);
    expect(code).toBe(1);
  });
});
