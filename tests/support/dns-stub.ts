import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A DNS server that knows some names, and remembers for which names it was asked. */
export interface DnsStub extends AsyncDisposable {
  readonly asked: ReadonlySet<string>;
}

const HEADER_BYTES = 12;

/** Starts a DNS server on port 53, where Docker asks. @param names IPv4 addresses by name */
export async function startDnsStub(
  address: string,
  names: Readonly<Record<string, string>>,
): Promise<DnsStub> {
  const asked = new Set<string>();
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address: peer }) => {
    const { name, end } = readQuestion(query);
    asked.add(name);
    const found = query.readUInt16BE(end - 4) === 1 ? names[name] : undefined;
    socket.send(buildAnswer(query.subarray(0, end), name in names, found), port, peer);
  });
  socket.bind(53, address);
  await once(socket, "listening");
  return {
    asked,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
}

/** Reads the name of a question. @returns it, and where the question ends */
function readQuestion(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 5 };
}

/** Builds an answer with at most one IPv4 address. */
function buildAnswer(question: Buffer, isKnown: boolean, address: string | undefined): Buffer {
  const answer = Buffer.from(question);
  // A response, with recursion; the code 3 says that there is no such name.
  answer.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
  answer.writeUInt16BE(address === undefined ? 0 : 1, 6);
  answer.fill(0, 8, HEADER_BYTES);
  if (address === undefined) return answer;
  // The name of the question, type A, class IN, 1 s, 4 bytes.
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
  return Buffer.concat([answer, record, Buffer.from(address.split(".").map(Number))]);
}
