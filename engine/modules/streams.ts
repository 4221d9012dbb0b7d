import type { ModuleExports } from './module-exports.ts';

/** Implements `k6/experimental/streams` with Node's own streams. */
export function createStreamsModule(): ModuleExports {
  const {
    CountQueuingStrategy,
    ReadableStream,
    ReadableStreamDefaultReader,
    WritableStream,
    WritableStreamDefaultWriter,
  } = process.getBuiltinModule('node:stream/web');
  const named = {
    ReadableStream,
    ReadableStreamDefaultReader,
    WritableStream,
    WritableStreamDefaultWriter,
    CountQueuingStrategy,
  };
  return { ...named, default: named };
}
