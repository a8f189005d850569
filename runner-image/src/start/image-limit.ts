import { formatEngine, type Engine } from "../system/engine/engine";
import type { ImageLimit } from "../system/state-file";
import type { Report } from "../log";
import type { ReplicaSettings } from "../settings/settings";
import type { ReplicaPaths } from "../system/paths";
import { readDockerSection } from "./job-engine";
import { readContainerId } from "./machine";

/**
 * Finds out above which percentage of its engine's disk a replica removes unused images. It can
 * only see the disk of an engine on its own node.
 * @param paths the user's config.toml may name a helper image
 * @returns null if it removes none
 */
export function findImageLimit(
  settings: ReplicaSettings,
  paths: Pick<ReplicaPaths, "template" | "record">,
  engine: Engine | undefined,
  report: Report,
): ImageLimit | null {
  if (settings.executor !== "docker" || engine === undefined) return null;
  const { imageDiskLimit: percent = 0, helperImage } = settings.docker;
  if (percent === 0) return null;
  if (engine.kind !== "socket") {
    report(
      "warning",
      `removing no unused images, because this replica cannot see the disk of the engine at ${formatEngine(engine)}`,
    );
    return null;
  }
  const other = readDockerSection(settings, paths)["helper_image"];
  return {
    percent,
    ownContainer: readContainerId() ?? null,
    helperImage: helperImage ?? (typeof other === "string" ? other : null),
  };
}
