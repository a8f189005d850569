/** The path of a value: names of keys and tables, and indexes of lists. */
export type TomlPath = readonly (string | number)[];

/** Returns the line of a value, or of the nearest table around it. Lines count from 1. */
export type LineOf = (path: TomlPath) => number;

/** A name in quotes, with its escape sequences. */
const QUOTED_KEY = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
const BARE_KEY = /[A-Za-z0-9_-]+/y;

/** A string in any of the four kinds of quotes. The closing quotes may follow up to two more. */
const STRING =
  /"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|'''(?:[^']|'{1,2}(?!'))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

/** Any other value that is not a list or a table. A space may separate a date and its time. */
const PLAIN = /\d{4}-\d\d-\d\d [^\s,\]}#]+|[^\s,\]}#]+/y;

/** Blanks, line breaks and comments. */
const VOID = /(?:[ \t\r\n]|#[^\n]*)+/y;
const BLANKS = /[ \t]+/y;

/**
 * Finds the line of each key and table. The parser reports lines only in errors.
 * @param text a valid document
 * @param unescape converts a key in quotes to its name
 */
export function findKeyLines(text: string, unescape: (quoted: string) => string): LineOf {
  const scan = new Scan(text, unescape);
  scan.document();
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const line = scan.lines.get(identify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  };
}

const identify = (path: TomlPath): string => JSON.stringify(path);

/** Reads a document from start to end. */
class Scan {
  readonly lines = new Map<string, number>();
  /** How many tables each list of tables has so far. */
  private readonly counts = new Map<string, number>();
  private at = 0;
  private line = 1;

  constructor(
    private readonly text: string,
    private readonly unescape: (quoted: string) => string,
  ) {}

  document(): void {
    if (this.text.startsWith("\ufeff")) this.at = 1;
    let table: TomlPath = [];
    for (this.skip(VOID); this.at < this.text.length; this.skip(VOID)) {
      const start = this.at;
      if (this.text[this.at] === "[") table = this.header();
      else this.pair(table);
      // A valid document always advances.
      if (this.at === start) return;
    }
  }

  /** Reads `[table]` or `[[table]]`. @returns the path of the table that follows */
  private header(): TomlPath {
    const isList = this.text.startsWith("[[", this.at);
    this.at += isList ? 2 : 1;
    const { line } = this;
    const path: (string | number)[] = [];
    const names = this.key();
    for (const [index, name] of names.entries()) {
      path.push(name);
      this.note(path, line);
      const count = this.counts.get(identify(path));
      if (isList && index === names.length - 1) {
        this.counts.set(identify(path), (count ?? 0) + 1);
        path.push(count ?? 0);
      } else if (count !== undefined) path.push(count - 1);
      this.note(path, line);
    }
    this.at += isList ? 2 : 1;
    return path;
  }

  /** Reads `key = value`. */
  private pair(table: TomlPath): void {
    const { line } = this;
    const path = [...table];
    for (const name of this.key()) {
      path.push(name);
      this.note(path, line);
    }
    this.at += 1;
    this.skip(VOID);
    this.value(path);
  }

  private value(path: TomlPath): void {
    if (this.text[this.at] === "[") {
      this.items("]", (index) => {
        this.note([...path, index], this.line);
        this.value([...path, index]);
      });
    } else if (this.text[this.at] === "{") {
      this.items("}", () => {
        this.pair(path);
      });
    } else if (this.skip(STRING) === "") this.skip(PLAIN);
  }

  /** Reads the items of a list or an inline table. */
  private items(end: string, item: (index: number) => void): void {
    this.at += 1;
    this.skip(VOID);
    for (let index = 0; this.at < this.text.length && this.text[this.at] !== end; index++) {
      const start = this.at;
      item(index);
      this.skip(VOID);
      if (this.text[this.at] === ",") this.at += 1;
      this.skip(VOID);
      if (this.at === start) return;
    }
    this.at += 1;
  }

  /** Reads a key, which may have several parts: `a."b.c".d`. */
  private key(): readonly string[] {
    const parts: string[] = [];
    for (;;) {
      this.skip(BLANKS);
      const quoted = this.skip(QUOTED_KEY);
      parts.push(quoted === "" ? this.skip(BARE_KEY) : this.unescape(quoted));
      this.skip(BLANKS);
      if (this.text[this.at] !== ".") return parts;
      this.at += 1;
    }
  }

  private note(path: TomlPath, line: number): void {
    const id = identify(path);
    if (!this.lines.has(id)) this.lines.set(id, line);
  }

  /** Skips what matches here. @returns the skipped text */
  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ""] = pattern.exec(this.text) ?? [];
    for (const letter of found) if (letter === "\n") this.line += 1;
    this.at += found.length;
    return found;
  }
}
