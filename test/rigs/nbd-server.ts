/**
 * A network block device in this process (https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md): newstyle negotiation, simple replies. Enough for nbdfuse(1).
 */
import {createServer, type Server, type Socket} from 'node:net';

/** What is behind the wire. Every answer is 0 or an error number of the protocol. */
export interface BlockStore {
  /** Bytes. */
  readonly size: number;
  /** Fills the buffer. */
  read(offset: number, into: Buffer): number;
  /** The bytes are only valid during the call. */
  write(offset: number, bytes: Buffer): number;
  flush(): number;
}

/** Error number of the protocol, as in errno(3). */
export const NBD_EIO = 5;

const OPTION_MAGIC = Buffer.from('IHAVEOPT');
const REPLY_MAGIC = 0x3e889045565a9n;
const REQUEST_MAGIC = 0x25609513;
const ANSWER_MAGIC = 0x67446698;
const HANDSHAKE = {fixedNewstyle: 1, noZeroes: 2};
const OPTION = {exportName: 1, abort: 2, go: 7};
const REPLY = {ack: 1, info: 3, unsupported: 0x8000_0001};
const INFO_EXPORT = 0;
/** HAS_FLAGS, SEND_FLUSH and CAN_MULTI_CONN: a flush on one connection is one for all. */
const EXPORT_FLAGS = 0b1_0000_0101;
const COMMAND = {read: 0, write: 1, disconnect: 2, flush: 3};
const REQUEST_BYTES = 28;

/** Serves a store on a socket of the file system until it is closed. */
export async function serveBlocks(store: BlockStore, socketPath: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void talk(socket, store).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
  return server;
}

type Take = (bytes: number) => Promise<Buffer>;

async function talk(socket: Socket, store: BlockStore): Promise<void> {
  const take = makeTake(socket);
  const greeting = Buffer.alloc(18);
  greeting.write('NBDMAGICIHAVEOPT');
  greeting.writeUInt16BE(HANDSHAKE.fixedNewstyle | HANDSHAKE.noZeroes, 16);
  socket.write(greeting);
  await take(4);
  if (!(await negotiate(socket, take, store.size))) return;
  for (;;) {
    const request = await take(REQUEST_BYTES);
    if (request.readUInt32BE(0) !== REQUEST_MAGIC) throw new Error('no request');
    const command = request.readUInt16BE(6);
    const handle = request.subarray(8, 16);
    const offset = Number(request.readBigUInt64BE(16));
    const length = request.readUInt32BE(24);
    if (command === COMMAND.disconnect) {
      socket.end();
      return;
    }
    const data = command === COMMAND.read ? Buffer.alloc(length) : undefined;
    const error =
      data !== undefined
        ? store.read(offset, data)
        : command === COMMAND.write
          ? store.write(offset, await take(length))
          : command === COMMAND.flush
            ? store.flush()
            : EINVAL;
    socket.write(
      Buffer.concat([makeAnswer(handle, error), ...(error === 0 && data ? [data] : [])]),
    );
  }
}

const EINVAL = 22;

/** @returns false when the other side wants nothing. */
async function negotiate(socket: Socket, take: Take, size: number): Promise<boolean> {
  for (;;) {
    const head = await take(16);
    if (!head.subarray(0, 8).equals(OPTION_MAGIC)) throw new Error('no option');
    const option = head.readUInt32BE(8);
    await take(head.readUInt32BE(12));
    const reply = (type: number, data = Buffer.alloc(0)) => {
      const answer = Buffer.alloc(20);
      answer.writeBigUInt64BE(REPLY_MAGIC, 0);
      answer.writeUInt32BE(option, 8);
      answer.writeUInt32BE(type, 12);
      answer.writeUInt32BE(data.length, 16);
      socket.write(Buffer.concat([answer, data]));
    };
    if (option === OPTION.exportName) {
      socket.write(describeExport(size));
      return true;
    }
    if (option === OPTION.go) {
      reply(REPLY.info, Buffer.concat([Buffer.from([0, INFO_EXPORT]), describeExport(size)]));
      reply(REPLY.ack);
      return true;
    }
    reply(option === OPTION.abort ? REPLY.ack : REPLY.unsupported);
    if (option === OPTION.abort) return false;
  }
}

function describeExport(size: number): Buffer {
  const facts = Buffer.alloc(10);
  facts.writeBigUInt64BE(BigInt(size), 0);
  facts.writeUInt16BE(EXPORT_FLAGS, 8);
  return facts;
}

function makeAnswer(handle: Buffer, error: number): Buffer {
  const answer = Buffer.alloc(16);
  answer.writeUInt32BE(ANSWER_MAGIC, 0);
  answer.writeUInt32BE(error, 4);
  handle.copy(answer, 8);
  return answer;
}

/** @returns how to wait for the next so many bytes. */
function makeTake(socket: Socket): Take {
  let parts: Buffer[] = [];
  let there = 0;
  let wake = () => {};
  let isOver = false;
  socket.on('data', (part: Buffer) => {
    parts.push(part);
    there += part.length;
    wake();
  });
  socket.on('close', () => {
    isOver = true;
    wake();
  });
  return async (bytes) => {
    while (there < bytes) {
      if (isOver) throw new Error('the other side is gone');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const whole = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    parts = whole.length > bytes ? [whole.subarray(bytes)] : [];
    there -= bytes;
    return whole.subarray(0, bytes);
  };
}
