// Plain JavaScript: it loads the TypeScript of the program, and is loaded before that can be.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

/** Files that esbuild or its result depends on without being part of a bundle. */
const ALWAYS = ["package.json", "tsconfig.json", "node_modules/esbuild/package.json"];

exports.bundle = function bundle({ root, source, options = {} }) {
  const settings = {
    entryPoints: [source],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    legalComments: "none",
    // Less for node to parse at each start. Names stay, and lines are short, for the stacks of
    // errors.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 100,
    logLevel: "silent",
    ...options,
  };
  const name = sha256(JSON.stringify(settings)).slice(0, 12);
  const file = join(root, ".cache", `bundle-${name}.json`);
  return readKept(root, file) ?? build(root, file, settings);
};

/** The text of an earlier bundle, if every file that it was made from still holds the same. */
function readKept(root, file) {
  try {
    const { inputs, text } = JSON.parse(readFileSync(file, "utf8"));
    const same = Object.entries(inputs).every(([path, digest]) => digestOf(root, path) === digest);
    return same ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The program itself needs esbuild; for those who import the components it is a development
 * dependency.
 */
function loadEsbuild() {
  try {
    return require("esbuild");
  } catch (error) {
    const advice = "run `npm ci --ignore-scripts --include=dev` in this folder";
    throw new Error(`esbuild, which compiles the program, is not installed: ${advice}`, {
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
  const paths = [...Object.keys(metafile.inputs), ...ALWAYS];
  const inputs = Object.fromEntries(paths.map((path) => [path, digestOf(root, path)]));
  const { text } = outputFiles[0];
  keep(file, JSON.stringify({ inputs, text }));
  return text;
}

/** Where nothing can be written, the next run takes a little longer, and that is all. */
function keep(file, content) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch {
    return;
  }
}

function digestOf(root, path) {
  try {
    return sha256(readFileSync(resolve(root, path)));
  } catch {
    return "";
  }
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}
