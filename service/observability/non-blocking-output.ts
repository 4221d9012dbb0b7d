import { constants, fstatSync, openSync, write } from 'node:fs';
import { isatty } from 'node:tty';

/** Writes a chunk, or a part of it, and tells how much or why not. Never blocks the event loop. */
export type WriteChunk = (
  chunk: Buffer,
  done: (error: NodeJS.ErrnoException | null | undefined, written?: number) => void,
) => void;

const STDOUT = 1;

/**
 * How standard output is written without blocking, whatever it is:
 * a pipe or a socket by Node's own stream, which the system tells when the reader reads on (a thread that waited for it would
 * keep the process from ending); a terminal, which Ctrl-S stops, through a descriptor that does not block; a file by a thread.
 */
export function nonBlockingOutput(): WriteChunk {
  const kind = fstatSync(STDOUT);
  if (kind.isFIFO() || kind.isSocket()) return writeStream(process.stdout);
  return writeDescriptor(isatty(STDOUT) ? openTerminal() : STDOUT);
}

function writeStream(stream: NodeJS.WriteStream): WriteChunk {
  // Each write is told of its failure; without a listener, the first one would end the process too.
  stream.on('error', () => {});
  return (chunk, done) => void stream.write(chunk, done);
}

const writeDescriptor =
  (descriptor: number): WriteChunk =>
  (chunk, done) =>
    write(descriptor, chunk, done);

// A new descriptor: setting this one to non-blocking would change the shell's, too.
function openTerminal(): number {
  try {
    return openSync(`/dev/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return STDOUT;
  }
}
