export interface BundleOptions {
  /** Folder that the paths of sources start from; what is kept lies in its `.cache`. */
  readonly root: string;
  /** The entry point, as a path from `root`. */
  readonly source: string;
  /** Options of esbuild that differ from a CommonJS bundle for Node 20. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * Bundles a TypeScript file and all that it imports to one text. Starting esbuild costs a tenth of
 * a second, so the text is kept, and taken again while each file that it was made from holds the
 * same.
 * @throws Error of esbuild if the sources cannot be bundled
 */
export function bundle(options: BundleOptions): string;
