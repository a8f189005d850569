import { tomlText } from "../types/toml-text";
import type { Setting } from "../setting";

/** The maximum size of `configTemplate`. */
const MAX_TEMPLATE_BYTES = 64 * 1024;

/** Keys of config.toml that have no setting. */
export const TEMPLATE_ROWS = {
  configTemplate: {
    topic: "Other keys of config.toml",
    type: tomlText(MAX_TEMPLATE_BYTES),
    scope: "replica",
    description:
      "Keys of gitlab-runner's config.toml that have no setting, as TOML. `@PATH` stands for the content of a file; the path is relative to the folder of Pulumi.yaml.",
  },
} as const satisfies Record<string, Setting>;
