// Plain JavaScript, because TypeScript cannot be loaded before this file runs.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

/** Files that affect a bundle but are not part of it. */
const EXTRA_INPUTS = ["package.json", "tsconfig.json", "node_modules/esbuild/package.json"];

exports.bundle = function bundle({ root, source, options = {} }) {
  const settings = {
    entryPoints: [source],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    legalComments: "none",
    // Leaves Node.js less to parse at each start. Names stay and lines are short, which keeps stack
    // traces readable.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 100,
    logLevel: "silent",
    ...options,
  };
  const name = sha256(JSON.stringify(settings)).slice(0, 12);
  const file = join(root, ".cache", `bundle-${name}.json`);
  return readCached(root, file) ?? build(root, file, settings);
};

/** Returns the cached bundle if none of its source files has changed. */
function readCached(root, file) {
  try {
    const { inputs, text } = JSON.parse(readFileSync(file, "utf8"));
    const same = Object.entries(inputs).every(([path, digest]) => hashFile(root, path) === digest);
    return same ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Loads esbuild. It is a development dependency, so it may be missing from an installation. */
function loadEsbuild() {
  try {
    return require("esbuild");
  } catch (error) {
    const fix = "run `npm ci --ignore-scripts --include=dev` in this folder";
    throw new Error(`esbuild, which compiles the program, is not installed: ${fix}`, {
      cause: error,
    });
  }
}

function build(root, file, settings) {
  const { buildSync } = loadEsbuild();
  const { outputFiles, metafile } = buildSync({
    ...settings,
    absWorkingDir: root,
    write: false,
    metafile: true,
  });
  const paths = [...Object.keys(metafile.inputs), ...EXTRA_INPUTS];
  const inputs = Object.fromEntries(paths.map((path) => [path, hashFile(root, path)]));
  const { text } = outputFiles[0];
  writeCache(file, JSON.stringify({ inputs, text }));
  return text;
}

/** Writes a bundle to the cache. If this fails, the next run only takes a little longer. */
function writeCache(file, content) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch {
    return;
  }
}

function hashFile(root, path) {
  try {
    return sha256(readFileSync(resolve(root, path)));
  } catch {
    return "";
  }
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}
