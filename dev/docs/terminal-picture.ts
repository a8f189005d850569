/** Sizes in pixels of a monospaced font at 14 px. */
const CHARACTER = 8.43;
const LINE = 21;
const PADDING = 20;
const TITLE_BAR = 36;

const COLORS = { changed: "#e3b341", prompt: "#7ee787", text: "#c9d1d9" };

/**
 * Draws what a terminal shows as an SVG picture.
 * @param transcript typed commands, each after a dollar sign, and the lines that they printed
 */
export function drawTerminal(transcript: string): string {
  const lines = transcript.trimEnd().split("\n");
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * CHARACTER + 2 * PADDING);
  const height = lines.length * LINE + TITLE_BAR + PADDING;
  const drawn = lines.flatMap((line, i) =>
    line === "" ? [] : [drawLine(line, TITLE_BAR + LINE * i + LINE / 2)],
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    "<style>text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }</style>",
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (color, i) => `<circle cx="${PADDING + 20 * i}" cy="18" r="6" fill="${color}"/>`,
    ),
    ...drawn,
    "</svg>",
  ].join("\n");
}

/** The width is fixed, so that columns stay aligned in any font. */
function drawLine(line: string, y: number): string {
  const [, indent = "", text = ""] = /^( *)(.*)$/.exec(line) ?? [];
  const x = PADDING + indent.length * CHARACTER;
  const length = (text.length * CHARACTER).toFixed(1);
  return `<text x="${x.toFixed(1)}" y="${y}" dominant-baseline="middle" textLength="${length}" fill="${COLORS.text}">${colored(text)}</text>`;
}

function colored(text: string): string {
  if (text.startsWith("$ ")) {
    return `<tspan fill="${COLORS.prompt}">$</tspan><tspan font-weight="bold">${escape(text.slice(1))}</tspan>`;
  }
  if (text.startsWith("~ ")) {
    return `<tspan fill="${COLORS.changed}">${escape(text)}</tspan>`;
  }
  return escape(text);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
