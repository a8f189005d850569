import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPool, type PoolFixture } from "./pool-fixture";
import type { Names } from "./recorded-preview";
import type { Authentication, ExternalResources, SettingChange } from "./setting-change";
import { SETTING_CHANGES } from "./setting-changes";

/** A change and the engine's preview of it. */
export interface PreviewedChange {
  readonly change: SettingChange;
  /** Text of `pulumi preview --diff`. */
  readonly diff: string;
  /** Output of `pulumi preview --json`. */
  readonly json: string;
  readonly names: Names;
}

/**
 * Deploys a pool and previews each change of its settings, one after another, each compared with
 * the original stack.
 */
export async function* previewChanges(
  authentication: Authentication,
): AsyncGenerator<PreviewedChange> {
  await using pool = await createAuthenticated(authentication);
  const { stack, platform, docker, gitlab, gitlabUrl } = pool;
  await stack.mustUp();
  const network = `${stack.stack}-other`;
  const created = await docker.createNetwork({
    Name: network,
    Driver: "overlay",
    Attachable: true,
  });
  try {
    const token = (await gitlab.createRunner({})).token;
    const around = { network, gitlabUrl: `${gitlabUrl}/gitlab`, token };
    const names = { stack: stack.stack, gitlabUrl, registry: platform.registry };
    for (const change of SETTING_CHANGES.filter((one) => one.authentication === authentication)) {
      const undo = await apply(pool, change, around);
      const diff = await stack.diff();
      const { output: json } = await stack.pulumi(["preview", "--json"], undefined, {
        stderr: "ignore",
      });
      yield { change, diff, json, names };
      if (change.stays === true) await stack.mustUp();
      else await undo();
    }
  } finally {
    await created.remove();
  }
}

async function createAuthenticated(authentication: Authentication): Promise<PoolFixture> {
  switch (authentication) {
    case "supplied token":
      return createPool();
    case "runnerScope": {
      const pool = await createPool({ withoutToken: true, settings: { runnerScope: "instance" } });
      const { token } = await pool.gitlab.createPersonalAccessToken({ scopes: ["api"] });
      pool.stack.env = { ...pool.stack.env, GITLAB_TOKEN: token };
      return pool;
    }
    case "registration token": {
      const pool = await createPool({
        withoutToken: true,
        switches: { registrationAllowed: true },
      });
      const { token } = await pool.gitlab.registrationToken({});
      await pool.stack.configure({ token });
      return pool;
    }
  }
}

/**
 * Applies a change to the stack's copy of the program.
 * @returns a function that reverts it
 */
async function apply(
  { stack }: PoolFixture,
  change: SettingChange,
  around: ExternalResources,
): Promise<() => Promise<void>> {
  const config = join(stack.folder, `Pulumi.${stack.stack}.yaml`);
  const files = [config, ...(change.file === undefined ? [] : [join(stack.folder, change.file)])];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  if (change.settings !== undefined) await stack.configure(change.settings(around));
  if (change.file !== undefined) await appendFile(join(stack.folder, change.file), "# a comment\n");
  return async () => {
    for (const [i, file] of files.entries()) await writeFile(file, texts[i] ?? "");
  };
}
