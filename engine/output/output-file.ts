import { createWriteStream, openSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { EngineError } from '../base/errors.ts';

/** A file that receives a run's samples. */
export interface OutputFile {
  write(text: string): void;
  /** @throws EngineError OUTPUT_FAILED if anything could not be written. */
  close(): Promise<void>;
}

/** @throws EngineError OUTPUT_FAILED if the file can't be opened. */
export function openOutputFile(path: string): OutputFile {
  const failed = (error: unknown) =>
    new EngineError('OUTPUT_FAILED', `can't write the output ${path}: ${(error as Error).message}`);
  let fd: number;
  try {
    fd = openSync(path, 'w');
  } catch (error) {
    throw failed(error);
  }
  const stream = createWriteStream(path, { fd });
  const ended = finished(stream);
  // `close()` reports the error. Until then, the rejection must not count as unhandled.
  ended.catch(() => {});
  return {
    write: (text) => void stream.write(text),
    async close() {
      stream.end();
      await ended.catch((error: unknown) => Promise.reject(failed(error)));
    },
  };
}
