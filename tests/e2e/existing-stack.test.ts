import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readFacts } from "../../dev/facts";
import { EXISTING_FOLDER, ExistingStack, STATE_FILE } from "../support/existing-stack";
import type { PreviewStep } from "../../dev/pulumi/pool-stack";

/** What `pulumi up` may do with resources of the types that must survive. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  "docker:index/network:Network": ["same", "update"],
  // Swarm cannot change a secret, and a new random ID would replace it.
  "docker:index/secret:Secret": ["same"],
  "random:index/randomId:RandomId": ["same"],
  "docker:index/service:Service": ["same", "update"],
  "gitlab:index/userRunner:UserRunner": ["same", "update"],
  // Replacing a provider replaces everything that it created.
  "pulumi:providers:docker": ["same", "update"],
  "pulumi:providers:gitlab": ["same", "update"],
  "pulumi:providers:random": ["same", "update"],
};

/** For images: another version of the program pushes another image. */
const OF_IMAGES = ["same", "update", "create-replacement", "replace", "delete-replaced"];

/** For components and for types that the older version did not have. */
const OF_OTHERS = ["same", "update", "create"];

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** Resources that the older version did not have, although it had others of their type. */
const isNew = ({ urn }: PreviewStep): boolean => /::[^:]+-registry-login-id$/.test(urn);

function isAllowed(step: PreviewStep): boolean {
  const { op, urn } = step;
  if (isNew(step)) return op === "create";
  const type = typeOf(urn);
  return (KEPT[type] ?? (type.startsWith("docker:") ? OF_IMAGES : OF_OTHERS)).includes(op);
}

describe("a stack that an older version deployed", () => {
  it("keeps its services, secrets, networks and runners in an update to this version", async () => {
    await using existing = await ExistingStack.open(await readFacts());
    const steps = await existing.stack.steps();
    const refused = steps.filter((step) => !isAllowed(step)).map(({ op, urn }) => `${op} ${urn}`);
    expect(refused).toEqual([]);
    const kept = steps.filter((step) => !isNew(step)).map(({ urn }) => typeOf(urn));
    expect(countKept(kept)).toEqual(countKept(await typesInState()));
  });
});

async function typesInState(): Promise<readonly string[]> {
  const text = await readFile(join(EXISTING_FOLDER, STATE_FILE), "utf8");
  const { deployment } = JSON.parse(text) as {
    readonly deployment: { readonly resources: readonly { readonly type: string }[] };
  };
  return deployment.resources.map(({ type }) => type);
}

/** Counts the resources of each type that must survive. */
function countKept(types: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.keys(KEPT).map((type) => [type, types.filter((one) => one === type).length]),
  );
}
