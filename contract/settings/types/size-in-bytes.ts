import type { SettingType } from "../type";
import { size, type Size } from "./size";

/** A size that gitlab-runner reads as a number of bytes. */
export function sizeInBytes(
  minBytes: number,
  maxBytes: number,
): SettingType<number, Size | number> {
  return { ...size(minBytes, maxBytes), toToml: (bytes) => bytes };
}
