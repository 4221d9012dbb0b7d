import { CountQueuingStrategy, ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import type { ModuleExports } from './module-exports.ts';

/** Implements `k6/experimental/streams` with Node's own streams. */
export function createStreamsModule(): ModuleExports {
  const named = { ReadableStream, ReadableStreamDefaultReader, CountQueuingStrategy };
  return { ...named, default: named };
}
