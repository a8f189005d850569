import { dirname } from "node:path";
import { type Room, ROOMS } from "./rooms";

const code = (name: string): string => `\`${name}\``;

/** Drops the folder that both names have in common. */
const shorten = (name: string, from: string): string =>
  dirname(from) !== "." && dirname(name) === dirname(from)
    ? name.slice(dirname(name).length + 1)
    : name;

function formatRoom(name: string, { paths = [name], purpose, imports }: Room): string {
  const allowed = imports.includes("any")
    ? "anything"
    : imports.map((room) => code(shorten(room, name))).join(", ") || "no other room";
  return `- ${paths.map(code).join(", ")}: ${purpose}.\n  May import ${allowed}.`;
}

/** The rooms of the repository as a Markdown list. */
export function formatRooms(): string {
  return Object.entries(ROOMS)
    .map(([name, room]) => formatRoom(name, room))
    .join("\n");
}
