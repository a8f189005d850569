import type * as gitlab from "@pulumi/gitlab";
import type * as pulumi from "@pulumi/pulumi";
import type { PoolSettings } from "../settings/pool-settings";
import { createUserRunner } from "./user-runner";

/** The token that a pool's replicas use, and the runner that the pool created for it. */
export interface Authenticated {
  readonly token: pulumi.Output<string>;
  readonly runner?: gitlab.UserRunner;
}

/** Uses the supplied token, or creates a runner in GitLab and uses its token. */
export function authenticate(
  parent: pulumi.Resource,
  name: string,
  settings: PoolSettings,
  description: pulumi.Input<string>,
): Authenticated {
  const { identity } = settings;
  switch (identity.kind) {
    case "authentication":
    case "registration":
      return { token: identity.token };
    case "created": {
      const runner = createUserRunner(parent, name, settings, identity.scope, description);
      return { token: runner.token, runner };
    }
  }
}
