import { defineBrokenJson } from './broken-json.ts';

/** Answers 200 and a complete body that is only the first half of the usual one, its content-length to match. */
export const partialJson = defineBrokenJson(
  'partial-json',
  'answers 200 with the first half of the body',
  // A proper prefix of an object is never JSON, and an empty answer has to become one.
  (json) => (json.startsWith('{') ? json.slice(0, Math.ceil(json.length / 2)) : '{'),
);
