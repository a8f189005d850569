import table from "./rooms.json";

/** A part of this repository, and what its files may import. */
export interface Room {
  /** Its purpose, in one sentence. */
  readonly purpose: string;
  /** Its folders and files. @default the folder or file of the room's name */
  readonly paths?: readonly string[];
  /** The other rooms that it may import; `any` means all of them. */
  readonly imports: readonly string[];
  /** The packages that it may import; `*` matches any ending. @default all */
  readonly packages?: readonly string[];
}

/** The table of rooms. eslint enforces it, and the map in CONTRIBUTING.md is generated from it. */
export const ROOMS: Readonly<Record<string, Room>> = table;

/**
 * The paths of the given rooms and of everything they import: what a copy of the checkout needs to
 * run them.
 */
export function pathsFor(...names: readonly string[]): readonly string[] {
  const rooms = new Set(names);
  // Iterating a set also visits the elements that are added during the loop.
  for (const name of rooms) ROOMS[name]?.imports.forEach((next) => rooms.add(next));
  return [...rooms].flatMap((name) => ROOMS[name]?.paths ?? [name]).sort();
}
