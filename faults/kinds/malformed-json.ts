import { defineBrokenJson } from './lib/broken-json.ts';

/**
 * Responds with the usual status and a body of the usual length that is not valid JSON, because its first double quote is replaced
 * with a single quote.
 */
export const malformedJson = defineBrokenJson(
  'malformed-json',
  'responds with the usual status and a body of the normal length that is not JSON; in a stream, this applies to each event',
  (json) => (json.includes('"') ? json.replace('"', "'") : `{${json}`),
);
