/** Bytes before each frame of a log stream: stream number, three zeros, and big-endian length. */
const HEADER = 8;

/**
 * Splits the log stream of a container or service into lines. Docker puts a header before each
 * frame of a stream without a terminal.
 * @returns a function that takes the next bytes and returns the lines that they complete
 */
export function createLineSplitter(): (chunk: Buffer) => readonly string[] {
  let bytes = Buffer.alloc(0);
  let text = "";
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= HEADER) {
      const end = HEADER + bytes.readUInt32BE(4);
      if (bytes.length < end) break;
      text += bytes.toString("utf8", HEADER, end);
      bytes = bytes.subarray(end);
    }
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    return lines;
  };
}
