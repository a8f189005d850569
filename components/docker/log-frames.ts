/** Bytes before each frame of a log stream: the stream's number, three zeros, and the length, big end first. */
const HEADER = 8;

/**
 * Takes a container's or service's log stream apart into lines; Docker puts a header before each piece of a stream
 * that is no terminal. @returns a function that takes the next bytes and gives the lines that they complete
 */
export function logLines(): (chunk: Buffer) => readonly string[] {
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
