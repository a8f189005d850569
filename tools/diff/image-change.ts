import type { ImageChangeCause, Change } from "./changes";
import type { Step } from "./preview";
import { propertyAt, showProperty, type DisplayValue } from "./properties";

/** Type of the resource that builds the image. */
const BUILD = "docker:index/remoteImage:RemoteImage";

/** Build arguments and the settings that they come from. */
const BUILD_ARGUMENTS = { BASE_IMAGE: "baseImage", NODE_IMAGE: "nodeImage" } as const;

/**
 * Describes the change of a service's image, and the reason if the image is built in the same
 * stack.
 */
export function imageChange(step: Step, path: string, all: readonly Step[]): Change {
  const from = showProperty(step.oldState?.inputs, path);
  const to = showProperty(step.newState?.inputs, path);
  const build = all.find(
    ({ op, newState }) => newState?.type === BUILD && op !== "same" && op !== "delete",
  );
  const built = showProperty(build?.newState?.inputs, "name");
  return {
    kind: "image",
    from: imageTag(from),
    // The digest is only known after the push, but the tag is known before.
    to: imageTag(to.kind === "unknown" ? built : to),
    cause: findCause(build),
  };
}

/** Returns the part of a reference that differs between two builds. */
function imageTag(shown: DisplayValue): string {
  if (shown.kind !== "value") return "not known yet";
  const [name = ""] = shown.text.split("@");
  return /:([^:/]+)$/.exec(name)?.[1] ?? name;
}

function findCause(build: Step | undefined): ImageChangeCause {
  const [before, after] = [build?.oldState?.inputs, build?.newState?.inputs];
  if (before === undefined || after === undefined) return { files: [], inputs: [] };
  return {
    files: differingKeys(propertyAt(before, "triggers"), propertyAt(after, "triggers")),
    inputs: Object.entries(BUILD_ARGUMENTS).flatMap(([argument, setting]) => {
      const from = showProperty(before, `build.buildArgs.${argument}`);
      const to = showProperty(after, `build.buildArgs.${argument}`);
      return JSON.stringify(from) === JSON.stringify(to)
        ? []
        : [{ kind: "value" as const, setting, from, to }];
    }),
  };
}

/** Lists the keys, in order, whose values differ between two maps or exist in only one of them. */
function differingKeys(before: unknown, after: unknown): readonly string[] {
  const [a, b] = [asMap(before), asMap(after)];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => key !== "__defaults" && a[key] !== b[key]).sort();
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
