export interface BundleOptions {
  /** Folder that source paths are relative to. Its subfolder `.cache` holds cached bundles. */
  readonly root: string;
  /** The entry point, relative to `root`. */
  readonly source: string;
  /** esbuild options that override those of a CommonJS bundle for Node.js 20. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * Bundles a TypeScript file and everything that it imports into one text. Starting esbuild takes a
 * tenth of a second, so the text is cached and reused until a source file changes.
 * @throws Error from esbuild if the sources cannot be bundled
 */
export function bundle(options: BundleOptions): string;
