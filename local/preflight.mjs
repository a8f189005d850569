// Says by its exit code whether the project's packages are installed. Runs under any Node, before there are packages.
import { readFileSync } from "node:fs";

const OLDEST = [20, 19];

/** Exit codes; run.sh knows them. */
const INSTALLED = 0;
const TOO_OLD = 1;
const NOT_INSTALLED = 10;

function isOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

/** npm keeps a copy of the lock file of what it installed; it is absent after an interrupted installation. */
function isInstalled() {
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  try {
    const wanted = Object.entries(packagesOf("package-lock.json"));
    const installed = packagesOf("node_modules/.package-lock.json");
    return wanted.every(
      ([path, { version, optional, peer }]) =>
        path === "" ||
        !path.includes("node_modules/") ||
        installed[path]?.version === version ||
        // Not every machine needs these.
        (installed[path] === undefined && (optional === true || peer === true)),
    );
  } catch {
    return false;
  }
}

if (isOldNode()) {
  process.stderr.write(
    `Node.js ${OLDEST.join(".")} or later is needed, this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = TOO_OLD;
} else {
  process.exitCode = isInstalled() ? INSTALLED : NOT_INSTALLED;
}
