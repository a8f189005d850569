import { gt, rsort, valid } from "semver";
import { hasEntries, topSection, type Section } from "./changelog";

/** A version in package.json or package-lock.json. */
export interface DeclaredVersion {
  /** Where it is, for messages. */
  readonly place: string;
  readonly version: string | undefined;
}

/** What a release depends on. */
export interface Checkout {
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
  /** The package's name. */
  readonly name: string;
  readonly versions: readonly DeclaredVersion[];
  /** All tags whose name begins with `v`. */
  readonly tags: readonly string[];
  /** Files that differ from the commit, including new files. */
  readonly changed: readonly string[];
  /** Undefined if HEAD is detached. */
  readonly branch: string | undefined;
  /** The hash of the commit. */
  readonly commit: string;
}

/** Releases are made on this branch. */
const BRANCH = "main";

const HEADING = "`## X.Y.Z - YYYY-MM-DD`";

/** How many changed files a message names. */
const FILES_NAMED = 5;

/**
 * Finds everything that prevents a release.
 * @param today as `YYYY-MM-DD`
 */
export function problemsOf(checkout: Checkout, today: string): readonly string[] {
  const section = topSection(checkout.changelog);
  return [
    ...(section === undefined
      ? [`CHANGELOG.md has no section: add one with the heading ${HEADING}`]
      : sectionProblems(section, today)),
    ...(section?.version === undefined ? [] : versionProblems(section.version, checkout)),
    ...treeProblems(checkout),
  ];
}

function sectionProblems(section: Section, today: string): readonly string[] {
  const { heading, version, date } = section;
  return [
    ...(version === undefined
      ? [`CHANGELOG.md: the top section has the heading \`${heading}\`: write ${HEADING}`]
      : []),
    ...(date === undefined ? [] : dateProblems(date, today)),
    ...(hasEntries(section)
      ? []
      : [`CHANGELOG.md: the section \`${heading}\` has no entries: add a line with \`- \``]),
  ];
}

function dateProblems(date: string, today: string): readonly string[] {
  if (!isDate(date)) return [`CHANGELOG.md: ${date} is not a date: write YYYY-MM-DD`];
  return date > today
    ? [`CHANGELOG.md: ${date} is in the future: write today's date, ${today}, or an earlier one`]
    : [];
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

function versionProblems(version: string, { versions, tags }: Checkout): readonly string[] {
  const tag = `v${version}`;
  return [
    ...(isVersion(version)
      ? []
      : [
          `CHANGELOG.md: ${version} is not a version: write X.Y.Z or X.Y.Z-PRERELEASE, such as 1.2.0 or 1.2.0-rc.1`,
        ]),
    ...versions
      .filter((declared) => declared.version !== version)
      .map(
        (declared) =>
          `${declared.place} is ${declared.version ?? "not set"}, but CHANGELOG.md has ${version}: run \`npm version --no-git-tag-version --allow-same-version ${version}\`, or correct CHANGELOG.md`,
      ),
    ...(tags.includes(tag)
      ? [`the tag ${tag} exists: add a section with a newer version to CHANGELOG.md`]
      : []),
    ...orderProblems(
      version,
      tags.filter((one) => one !== tag),
    ),
  ];
}

function orderProblems(version: string, tags: readonly string[]): readonly string[] {
  const [newest] = rsort(tags.map((tag) => tag.slice(1)).filter(isVersion));
  if (!isVersion(version) || newest === undefined || gt(version, newest)) return [];
  return [
    `CHANGELOG.md: ${version} is not newer than the tag v${newest}: write a version above ${newest}`,
  ];
}

/** True for a semantic version without a leading `v` and without build metadata. */
function isVersion(text: string): boolean {
  return valid(text) === text;
}

function treeProblems({ changed, branch }: Checkout): readonly string[] {
  const named = changed.slice(0, FILES_NAMED).join(", ");
  const others = changed.length - FILES_NAMED;
  return [
    ...(changed.length === 0
      ? []
      : [
          `the working tree is not clean: commit or remove the changes in ${named}${others > 0 ? ` and ${others} more` : ""}`,
        ]),
    ...(branch === BRANCH
      ? []
      : [
          `HEAD is ${branch === undefined ? "detached" : `on the branch ${branch}`}: run \`git switch ${BRANCH}\``,
        ]),
  ];
}
