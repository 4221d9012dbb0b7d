import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile } from '../../faults/base/read-text.ts';

/** Maximum number of lines to keep per log. */
const LINES = 20;

/** Number of bytes to read from the end of a log, which may be gigabytes in size. */
const BYTES = 64 * 1_024;

/**
 * Returns the last lines of the service's logs in a scenario's folder. They were redacted when they were written. If
 * the service had several processes, each line starts with its log's name.
 */
export async function readLogTail(folder: string): Promise<string[]> {
  const logs = (await readdir(folder).catch(() => [])).filter((name) => /^service(-\d+)?\.log$/.test(name)).sort();
  const tails = await Promise.all(logs.map((name) => lastLines(join(folder, name))));
  return tails.flatMap((lines, index) => (logs.length > 1 ? lines.map((line) => `${logs[index]}: ${line}`) : lines));
}

async function lastLines(path: string): Promise<string[]> {
  await using file = await openFile(path);
  const { size } = await file.stat();
  const start = Math.max(0, size - BYTES);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
  // The first line may be incomplete.
  return lines
    .slice(start > 0 ? 1 : 0)
    .filter((line) => line.trim() !== '')
    .slice(-LINES);
}
