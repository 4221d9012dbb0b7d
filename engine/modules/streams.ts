const NAMES = [
  'CountQueuingStrategy',
  'ReadableStream',
  'ReadableStreamDefaultReader',
  'WritableStream',
  'WritableStreamDefaultWriter',
] as const;

/** Implements `k6/experimental/streams` with Node's own streams. */
export function createStreamsModule(): object {
  const streams = process.getBuiltinModule('node:stream/web');
  return Object.fromEntries(NAMES.map((name) => [name, streams[name]]));
}
