import { RUNNER_SECTIONS } from "../contract/runner-config/sections";
import { rowsFor, RUNNER_KEY_PATHS } from "../contract/runner-config/uses";
import { findNearest } from "../contract/suggest";

const ALL = [...RUNNER_KEY_PATHS, ...RUNNER_SECTIONS];

const lastPart = (key: string): string => key.slice(key.lastIndexOf(".") + 1);

/** Returns the section of a key; empty for a key at the top of config.toml. */
function sectionOf(key: string): string {
  return key.slice(0, Math.max(key.lastIndexOf("."), 0));
}

/** Finds the key or section of gitlab-runner that was probably meant by an unknown one. */
export function suggestKey(unknown: string): string | undefined {
  const section = sectionOf(unknown);
  const name = lastPart(unknown);
  const beside = ALL.filter((key) => sectionOf(key) === section);
  // gitlab-runner ignores case in names. This project does not.
  const inOtherCase = beside.find((key) => lastPart(key).toLowerCase() === name.toLowerCase());
  return inOtherCase ?? findElsewhere(name) ?? findBeside(section, name, beside);
}

/** Finds a key of the same name in another section, where a pool can use it. */
function findElsewhere(name: string): string | undefined {
  return ALL.find((key) => {
    const isUnfit = rowsFor(key).some(({ use }) => use.kind === "unfit");
    return lastPart(key) === name && !isUnfit && !isInUnfitSection(key);
  });
}

function isInUnfitSection(section: string): boolean {
  const keys = RUNNER_KEY_PATHS.filter((key) => key.startsWith(`${section}.`));
  return (
    keys.length > 0 && keys.every((key) => rowsFor(key).every(({ use }) => use.kind === "unfit"))
  );
}

function findBeside(section: string, name: string, beside: readonly string[]): string | undefined {
  const nearest = findNearest(name, beside.map(lastPart));
  if (nearest === undefined) return undefined;
  return section === "" ? nearest : `${section}.${nearest}`;
}
