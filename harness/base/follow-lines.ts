import { type FileHandle, stat } from 'node:fs/promises';
import { openFile } from '../../faults/base/read-text.ts';
import { pause } from './clock.ts';

/** How often to read the file, in milliseconds. */
const INTERVAL_MS = 100;

/** A file that is open already, and the number of bytes to skip at its beginning. */
export interface OpenedFile {
  readonly file: FileHandle;
  readonly size: number;
}

/**
 * Calls `see` for each line of a file while another process is writing it, until the signal is aborted. Reads
 * everything that was written before that, except an incomplete last line. If the file doesn't exist yet, waits for it.
 *
 * @param opened The file as it was found, so that it is noticed if another one takes its place before it is followed. It
 * is closed at the end. By default, the whole file at the path is read.
 * @throws Error if the file was truncated or replaced, so that lines are missing
 */
export async function followLines(
  path: string,
  see: (line: string) => void,
  over: AbortSignal,
  opened?: OpenedFile,
): Promise<void> {
  let { file, size: position } = opened ?? { file: undefined, size: 0 };
  try {
    let rest = '';
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(2 ** 16);
    for (;;) {
      const isLast = over.aborted;
      file ??= await openFile(path).catch(() => undefined);
      const { bytesRead = 0 } = (await file?.read(buffer, 0, buffer.length, position)) ?? {};
      position += bytesRead;
      const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) see(line);
      if (bytesRead === buffer.length) continue;
      if (file) await assertWhole(file, path, position);
      if (isLast) return;
      await pause(INTERVAL_MS, over);
    }
  } finally {
    await file?.close();
  }
}

async function assertWhole(file: FileHandle, path: string, position: number): Promise<void> {
  const [opened, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  if (opened.size < position) throw new Error(`${path} was truncated while it was being read`);
  if (there && there.ino !== opened.ino) throw new Error(`${path} was replaced while it was being read`);
}
