/** Implements `k6/experimental/streams` with Node's own streams. */
export function createStreamsModule(): object {
  const {
    CountQueuingStrategy,
    ReadableStream,
    ReadableStreamDefaultReader,
    WritableStream,
    WritableStreamDefaultWriter,
  } = process.getBuiltinModule('node:stream/web');
  return {
    ReadableStream,
    ReadableStreamDefaultReader,
    WritableStream,
    WritableStreamDefaultWriter,
    CountQueuingStrategy,
  };
}
