/**
 * Attributes of an element. Numbers are rounded to a tenth, which is precise enough and keeps diffs
 * short.
 */
export type Attributes = Readonly<Record<string, string | number>>;

/**
 * Writes an element. Children are finished elements, or text that {@link escapeText} has escaped.
 */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeText(formatValue(value))}"`)
    .join("");
  if (children.length === 0) return `<${name}${written}/>`;
  return `<${name}${written}>${children.join("")}</${name}>`;
}

function formatValue(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 10) / 10) : value;
}

function escapeText(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** Writes text at a position. */
export function label(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeText(text));
}

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1f2937; }
.title { font-weight: 600; font-size: 14px; }
.note { fill: #6b7280; font-size: 11px; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
.axis { stroke: #d1d5db; stroke-width: 1; fill: none; }
.target { stroke: #dc2626; stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
.ours { fill: #2563eb; stroke: #2563eb; }
.theirs { fill: #9ca3af; stroke: #9ca3af; }
.line { fill: none; stroke-width: 2; }
.dot { fill-opacity: 0.45; stroke: none; }
.median { stroke-width: 3; }
@media (prefers-color-scheme: dark) { text { fill: #e5e7eb; } .note { fill: #9ca3af; } .axis { stroke: #4b5563; } }
`;

/** Writes a complete picture that is readable on light and dark pages. */
export function picture(width: number, height: number, ...children: string[]): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${Math.ceil(height)}`,
    width,
    height: Math.ceil(height),
    role: "img",
  };
  return `${element("svg", attributes, element("style", {}, STYLE), ...children.map((c) => `\n${c}`))}\n`;
}
