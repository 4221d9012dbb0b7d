import { defineBrokenJson } from './lib/broken-json.ts';

/**
 * Responds 200 with a body of the usual length that is not JSON: its first double quote is replaced by a single one.
 */
export const malformedJson = defineBrokenJson(
  'malformed-json',
  'responds 200 with a body of the usual length that is not JSON; in a stream, each event',
  (json) => (json.includes('"') ? json.replace('"', "'") : `{${json}`),
);
