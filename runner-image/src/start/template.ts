import type { TomlTable } from "smol-toml";
import { readConfig } from "../gitlab-runner/config-toml";
import { readIfThere } from "../system/files";
import type { Report } from "../log";

/**
 * Reads the user's config.toml, which applies wherever a replica does not set a value itself. A
 * file that cannot be read is ignored.
 * @param report receives the reason if the file is ignored
 */
export function readTemplate(path: string, report?: Report): TomlTable {
  const ignore = (why: string): TomlTable => {
    report?.("warning", `ignoring ${path}: it ${why}`);
    return {};
  };
  try {
    return readConfig(readIfThere(path) ?? "") ?? ignore("is not TOML");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    // Docker creates a folder if the file to mount does not exist.
    return ignore(code === "EISDIR" ? "is a folder" : `cannot be read (${code})`);
  }
}
