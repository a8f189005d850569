import { describe, expect, it } from "@jest/globals";
import { startLoginRegistry } from "../support/login-registry";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { dockerPlaces, findSecret } from "../support/places-of-secrets";
import { pullAgain } from "../support/pull-again";
import { listTasks } from "../support/swarm";
import { readFacts } from "../../dev/facts";

/** Harbor's robot accounts have such names. */
const USER = "robot$ci+runner";

const OLD = ` "old" 'x' $HOME \${a} {{.Secret}} \\n :pässwörd 密 % & # `;
const NEW = `new-$1\\" {{range}}: \u{1f511}'`;
const WRONG = "wrong-password-of-the-registry";

describe("a new password of the registry", () => {
  it("reaches Swarm without a restart, and a wrong one is reported before anything changes", async () => {
    const { images } = await readFacts();
    await using registry = await startLoginRegistry({ logins: { [USER]: OLD } });
    await using pool = await createPool({
      settings: {
        executor: "shell",
        docker: undefined,
        replicas: 1,
        registry: { address: `${registry.address}/e2e`, username: USER, password: OLD },
      },
    });
    const { stack, docker } = pool;
    const login = { username: USER, password: OLD };
    // The base image is in the same registry, which has no other login.
    const base = await registry.push(docker, images.base, "base:1", login);
    await stack.configure({ baseImage: base });
    await stack.mustUp();
    await managersSettle(pool, 1);
    const before = await describeService(pool);
    const taskIds = async () => (await listTasks(docker, stack.serviceName)).map(({ id }) => id);
    const tasks = await taskIds();

    // The administrator changes the password, and the stack still has the old one.
    await registry.setLogins({ [USER]: NEW });
    await stack.configure({ replicas: 2 });
    await expectRejected(pool, "correct `registry.password` or `registry.username`");
    stack.env = { REGISTRY_PASSWORD: WRONG };
    await expectRejected(
      pool,
      "correct REGISTRY_PASSWORD (`registry.password`) or `registry.username`",
    );
    stack.env = {};
    expect(await describeService(pool)).toEqual(before);

    await stack.configure({ replicas: 1, registry: { password: NEW } });
    const changes = await stack.changes();
    expect(changes.map(({ op, urn }) => `${op} ${urn.split("::").pop() ?? ""}`).sort()).toEqual([
      "replace default-registry-login-id",
      "update default-service",
      "update docker",
    ]);
    const { output } = await stack.mustUp("--diff");
    await stack.expectNoChangesAfterRefresh();
    const after = await describeService(pool);
    expect({ ...after, labels: before.labels, version: before.version }).toEqual(before);
    expect(Object.keys(after.labels)).toEqual(Object.keys(before.labels));
    expect(after.labels).not.toEqual(before.labels);
    expect(await taskIds()).toEqual(tasks);

    // Swarm itself has the new password.
    await pullAgain(docker, stack.serviceName, registry.address);

    const places = new Map([
      ...(await dockerPlaces(pool)),
      ["state", await stack.state()],
      ["up", output],
    ]);
    expect([OLD, NEW, WRONG].flatMap((secret) => findSecret(secret, places))).toEqual([]);
    await docker.getImage(base).remove({ force: true });
  });
});

/** Runs `pulumi up`, which must fail with the registry's words before it changes the service. */
async function expectRejected({ stack }: PoolFixture, remedy: string): Promise<void> {
  const { exitCode, output } = await stack.up();
  expect(exitCode).not.toBe(0);
  expect(output).toContain(
    `rejects the login of user ${USER} (unauthorized: authentication required), so nothing was changed: ${remedy}`,
  );
}

/** The spec and version of the service, which every update increases. */
async function describeService({ docker, stack }: PoolFixture) {
  const { Spec, Version } = (await docker.getService(stack.serviceName).inspect()) as {
    readonly Spec: { readonly Labels: Record<string, string>; readonly TaskTemplate: object };
    readonly Version: { readonly Index: number };
  };
  const { Labels: labels, ...spec } = Spec;
  return { labels, spec, version: Version.Index };
}
