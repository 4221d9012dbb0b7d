import { createReadStream } from 'node:fs';

const NEWLINE = 0x0a;

/**
 * Reads a file line by line, without decoding it. Each line includes its line break, which the last one may lack.
 *
 * @throws Error if the file can't be read
 */
export async function* readLines(file: string): AsyncGenerator<Buffer> {
  let kept: Buffer[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, end + 1);
      yield kept.length > 0 ? Buffer.concat([...kept, line]) : line;
      kept = [];
      start = end + 1;
    }
    if (start < chunk.length) kept.push(chunk.subarray(start));
  }
  if (kept.length > 0) yield Buffer.concat(kept);
}
