// Its exit code reports whether the project's packages are installed. Runs on any Node.js version,
// without any package.
import { readFileSync } from "node:fs";

const OLDEST = [20, 19];

/** Exit codes. run.sh uses the same numbers. */
const INSTALLED = 0;
const TOO_OLD = 1;
const NOT_INSTALLED = 10;

function isOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

/**
 * npm keeps a copy of the lock file that it installed from. An interrupted installation leaves no
 * copy.
 */
function isInstalled() {
  const readPackages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  try {
    const wanted = Object.entries(readPackages("package-lock.json"));
    const installed = readPackages("node_modules/.package-lock.json");
    return wanted.every(
      ([path, { version, optional, peer }]) =>
        path === "" ||
        !path.includes("node_modules/") ||
        installed[path]?.version === version ||
        // Optional and peer packages are not needed on every machine.
        (installed[path] === undefined && (optional === true || peer === true)),
    );
  } catch {
    return false;
  }
}

if (isOldNode()) {
  process.stderr.write(
    `Node.js ${OLDEST.join(".")} or later is required, but this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = TOO_OLD;
} else {
  process.exitCode = isInstalled() ? INSTALLED : NOT_INSTALLED;
}
