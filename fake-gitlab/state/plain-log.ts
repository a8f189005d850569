/**
 * Timestamp, stream number and stream of a line: `2026-11-24T10:04:39.726877Z 01O `, with `+` if it
 * continues the previous line.
 */
const LINE_HEADER = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z [0-9a-f]{2}[OE]([+ ])/;

const ESCAPE = String.fromCharCode(27);
const COLOURS = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Za-z]`, "g");
const SECTIONS = /section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?/g;

/**
 * Returns a job's log as GitLab's page shows it: without the timestamps, section markers and colors
 * that the runner adds. Lines with nothing else are dropped.
 */
export function plainLog(raw: string): string {
  const lines: string[] = [];
  for (const line of raw.split("\n")) {
    const header = LINE_HEADER.exec(line);
    const text = header === null ? line : line.slice(header[0].length);
    if (header?.[1] === "+" && lines.length > 0) lines.push((lines.pop() ?? "") + text);
    else lines.push(text);
  }
  return lines.flatMap(cleanLine).join("\n");
}

function cleanLine(line: string): string[] {
  const cleaned = line.replace(SECTIONS, "").replace(COLOURS, "").replace(/\r/g, "");
  return cleaned === "" && line !== "" ? [] : [cleaned];
}
