import { CountQueuingStrategy, ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import type { ModuleExports } from './module-exports.ts';

/** `k6/experimental/streams`: the platform's streams. */
export function createStreamsModule(): ModuleExports {
  const named = { ReadableStream, ReadableStreamDefaultReader, CountQueuingStrategy };
  return { ...named, default: named };
}
