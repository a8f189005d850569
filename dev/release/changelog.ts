/** The newest section of CHANGELOG.md. */
export interface Section {
  /** Its first line. */
  readonly heading: string;
  /** Undefined if the heading is malformed. */
  readonly version: string | undefined;
  /** Undefined if the heading is malformed. */
  readonly date: string | undefined;
  /** The text below the heading. */
  readonly notes: string;
}

/** @returns undefined if the changelog has no section */
export function topSection(changelog: string): Section | undefined {
  const lines = changelog.split(/\r?\n/);
  const first = lines.findIndex(isHeading);
  const heading = lines[first];
  if (heading === undefined) return undefined;
  const rest = lines.slice(first + 1);
  const next = rest.findIndex(isHeading);
  const [, version, date] = /^## (\S+) - (\S+)$/.exec(heading.trimEnd()) ?? [];
  const notes = rest
    .slice(0, next === -1 ? undefined : next)
    .join("\n")
    .trim();
  return { heading, version, date, notes };
}

/** True if the section lists at least one change. */
export function hasEntries({ notes }: Section): boolean {
  return /^[-*] +\S/m.test(notes);
}

function isHeading(line: string): boolean {
  return line.startsWith("## ");
}
