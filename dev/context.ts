import type { Commands } from "./commands";
import type { Paths } from "./paths";
import type { RecordFile } from "./record";

/** What every step of the local platform works with. */
export interface Context {
  readonly paths: Paths;
  readonly commands: Commands;
  readonly record: RecordFile;
  readonly env: NodeJS.ProcessEnv;
}
