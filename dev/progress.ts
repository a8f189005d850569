/** A terminal or a plain stream that shows progress. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Reports what a step is doing, or what it has done when it ends. The step's line shows the last
 * note.
 */
export type Note = (text: string) => void;

const REDRAW_MS = 200;
const HEARTBEAT_MS = 30_000;
const NAME_WIDTH = 10;

/**
 * Shows one line per step with its elapsed time. A terminal redraws the line; a plain stream gets
 * it when the step ends.
 */
export class Progress {
  constructor(
    private readonly screen: Screen,
    private readonly now: () => number = Date.now,
  ) {}

  /** Shows a line that does not belong to a step. */
  print(line = ""): void {
    this.screen.write(`${line}\n`);
  }

  /** Runs a step under its name. Shows an error as the step's last line and throws it again. */
  async step<T>(name: string, work: (note: Note) => Promise<T>): Promise<T> {
    const start = this.now();
    let text = "";
    const line = (mark: string): string => formatLine(mark, name, text, this.now() - start);
    const stop = this.animate(() => line("·"));
    const end = (mark: string): void => {
      stop();
      this.print(line(mark));
    };
    try {
      const result = await work((note) => (text = note));
      end("✓");
      return result;
    } catch (error) {
      end("✗");
      throw error;
    }
  }

  private animate(line: () => string): () => void {
    if (this.screen.isTTY !== true) {
      const timer = setInterval(() => {
        this.print(line());
      }, HEARTBEAT_MS);
      return () => {
        clearInterval(timer);
      };
    }
    const draw = (): void => {
      this.screen.write(`\r\u001b[K${line().slice(0, (this.screen.columns ?? 80) - 1)}`);
    };
    draw();
    const timer = setInterval(draw, REDRAW_MS);
    return () => {
      clearInterval(timer);
      this.screen.write("\r\u001b[K");
    };
  }
}

/** One line of progress: a mark, the step's name, its note and the time it took. */
function formatLine(mark: string, name: string, text: string, ms: number): string {
  const said = text === "" ? "" : `${text} `;
  return `${mark} ${name.padEnd(NAME_WIDTH)} ${said}(${formatElapsed(ms)})`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`. */
export function formatElapsed(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
