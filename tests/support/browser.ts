import { type Browser, chromium } from "playwright-core";

/** Debian's Chromium, unless the environment names another browser. */
const CHROMIUM = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";

/** The background flags keep Chromium from contacting hosts that a closed network refuses. */
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

/**
 * Starts a real browser with an empty profile.
 * @throws {Error} if Chromium is not installed (package `chromium`)
 */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
