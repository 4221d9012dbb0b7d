import { defineBrokenJson } from './lib/broken-json.ts';

/** Responds with 200 and only the first half of the usual body, with a matching content-length. */
export const partialJson = defineBrokenJson(
  'partial-json',
  'responds with 200, the first half of the body and a matching content-length; in a stream, this applies to each event',
  // A truncated object is never valid JSON. An empty response has to become one.
  (json) => (json.startsWith('{') ? json.slice(0, Math.ceil(json.length / 2)) : '{'),
);
