import { constants, fstatSync, openSync, write } from 'node:fs';
import { isatty } from 'node:tty';

/** Writes all or part of a chunk, and reports the number of bytes written or an error. Never blocks the event loop. */
export type WriteChunk = (
  chunk: Buffer,
  done: (error: NodeJS.ErrnoException | null | undefined, written?: number) => void,
) => void;

const STDOUT = 1;

/**
 * Returns a non-blocking writer for standard output. Pipes and sockets are written through Node's stream, which is
 * notified when the reader continues; a blocked thread would prevent the process from exiting. A terminal, which Ctrl-S
 * can pause, is written through a non-blocking descriptor, and a file through the thread pool.
 */
export function nonBlockingOutput(): WriteChunk {
  const kind = fstatSync(STDOUT);
  if (kind.isFIFO() || kind.isSocket()) return writeStream(process.stdout);
  return writeDescriptor(isatty(STDOUT) ? openTerminal() : STDOUT);
}

function writeStream(stream: NodeJS.WriteStream): WriteChunk {
  // Each write reports its own error. Without a listener, the first error would also crash the process.
  stream.on('error', () => {});
  return (chunk, done) => void stream.write(chunk, done);
}

const writeDescriptor =
  (descriptor: number): WriteChunk =>
  (chunk, done) =>
    write(descriptor, chunk, done);

// Open a new descriptor, because making the existing one non-blocking would also affect the shell.
function openTerminal(): number {
  try {
    return openSync(`/dev/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return STDOUT;
  }
}
