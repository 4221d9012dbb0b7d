import { open } from 'node:fs/promises';
import { pause } from './clock.ts';

/** Milliseconds between two looks at a file. */
const INTERVAL_MS = 100;

/**
 * Hands on each line of a file while something else still writes it, until the signal is aborted: what was written by then
 * is read, but for a line without its end. A file that is not there yet is waited for.
 *
 * @param from Bytes of the file that are left out.
 */
export async function followLines(path: string, see: (line: string) => void, over: AbortSignal, from = 0) {
  let file = await open(path).catch(() => undefined);
  try {
    let [rest, position] = ['', from];
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(2 ** 16);
    for (;;) {
      const isLast = over.aborted;
      file ??= await open(path).catch(() => undefined);
      const { bytesRead = 0 } = (await file?.read(buffer, 0, buffer.length, position)) ?? {};
      position += bytesRead;
      const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) see(line);
      if (bytesRead === buffer.length) continue;
      if (isLast) return;
      await pause(INTERVAL_MS, over);
    }
  } finally {
    await file?.close();
  }
}
