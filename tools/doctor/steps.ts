import { failed, skipped, type Outcome, type Result } from "./outcome";

/** How long one check may take. Each of its requests has a shorter timeout. */
const CHECK_TIMEOUT_MS = 60_000;

/** Notes what a check waits for next, such as "an answer from the registry". */
export type WaitFor = (what: string) => void;

/** A finished check. */
export interface Step<T> {
  readonly name: string;
  readonly kind: Outcome["kind"];
  /** Undefined if later checks cannot use it. */
  readonly value: T | undefined;
}

type ValuesOf<Needs> = {
  readonly [K in keyof Needs]: Needs[K] extends Step<infer T> ? T : never;
};

/** Runs checks one after the other and reports each when it ends. */
export class Steps {
  private failures = 0;

  constructor(
    private readonly report: (name: string, outcome: Outcome) => void,
    private readonly timeoutMs: number = CHECK_TIMEOUT_MS,
  ) {}

  /** Whether a check failed so far. */
  get hasFailed(): boolean {
    return this.failures > 0;
  }

  /**
   * Runs a check if every check that it needs has a value.
   * @param run an error that it throws is a failure of the check
   */
  async run<T, Needs extends Readonly<Record<string, Step<unknown>>>>(
    name: string,
    needs: Needs,
    run: (values: ValuesOf<Needs>, waitFor: WaitFor) => Promise<Result<T>>,
  ): Promise<Step<T>> {
    const missing = Object.values(needs).find(({ value }) => value === undefined);
    const { outcome, value } =
      missing === undefined
        ? await this.limit<T>((waitFor) => run(valuesOf(needs), waitFor))
        : skipped<T>(describeMissing(missing));
    if (outcome.kind === "failed") this.failures += 1;
    this.report(name, outcome);
    return { name, kind: outcome.kind, value };
  }

  private async limit<T>(run: (waitFor: WaitFor) => Promise<Result<T>>): Promise<Result<T>> {
    let what = "the check to start";
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Result<T>>((resolve) => {
      timer = setTimeout(() => {
        const seconds = this.timeoutMs / 1000;
        resolve(failed(`gave up after ${seconds} s of waiting for ${what}: run the command again`));
      }, this.timeoutMs);
    });
    const running = run((next) => {
      what = next;
    }).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      return failed<T>(`${message} (while waiting for ${what}): run the command again`);
    });
    try {
      return await Promise.race([running, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function describeMissing({ name, kind }: Step<unknown>): string {
  return `the check "${name}" ${kind === "skipped" ? "was skipped" : "failed"}`;
}

function valuesOf<Needs extends Readonly<Record<string, Step<unknown>>>>(
  needs: Needs,
): ValuesOf<Needs> {
  const entries = Object.entries(needs).map(([name, { value }]) => [name, value] as const);
  // The cast is safe: `run` checked that each value is present.
  return Object.fromEntries(entries) as ValuesOf<Needs>;
}
