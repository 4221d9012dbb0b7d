import { defineBrokenJson } from './lib/broken-json.ts';

/** Responds 200 with only the first half of the usual body, and a content-length that matches it. */
export const partialJson = defineBrokenJson(
  'partial-json',
  'responds 200 with the first half of the body and a matching content-length; in a stream, each event',
  // A proper prefix of an object is never JSON, and an empty answer has to become one.
  (json) => (json.startsWith('{') ? json.slice(0, Math.ceil(json.length / 2)) : '{'),
);
