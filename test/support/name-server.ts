/** A name server on this machine that says what a test wants: who is where, who is nowhere, and whom it never answers. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface NameServer {
  /** For a resolver. */
  readonly address: string;
  /** What it was asked: `A four.example`. */
  readonly asked: readonly string[];
  stop(): void;
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };

/** The name in a question, and where the question ends. */
function questionIn(message: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: TYPES[message.readUInt16BE(at + 1)] ?? '', end: at + 5 };
}

/** `records`: by `TYPE name`, the bytes of each address; `hangs` for a question that is never answered. Else there is no such name. */
export async function nameServer(
  records: Readonly<Record<string, readonly (readonly number[])[] | 'hangs'>>,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (message, { port, address }) => {
    const { name, type, end } = questionIn(message);
    asked.push(`${type} ${name}`);
    const found = records[`${type} ${name}`];
    if (found === 'hangs') return;
    const head = Buffer.from(message.subarray(0, 12));
    head.writeUInt16BE(found === undefined ? 0x8183 : 0x8180, 2); // an answer; no such name
    head.writeUInt16BE(found?.length ?? 0, 6);
    head.writeUInt32BE(0, 8);
    const answers = (found ?? []).map((bytes) =>
      Buffer.from([0xc0, 12, ...message.subarray(end - 4, end), 0, 0, 0, 60, 0, bytes.length, ...bytes]),
    );
    socket.send(Buffer.concat([head, message.subarray(12, end), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked, stop: () => socket.close() };
}
