import { HttpResponse } from 'msw';
import { defineFault } from './fault.ts';

/**
 * Answers 200 and a complete body that is not JSON: the first half of what the upstream answered.
 * The upstream has done the work (a memory is remembered), only its answer is broken.
 */
export const malformedJson = defineFault({
  kind: 'malformed-json',
  fields: {},
  create: () => ({
    async answer(_circumstances, respond) {
      const whole = await (await respond()).text();
      // A proper prefix of an object is never JSON, and an empty answer has to become one.
      const half = whole.startsWith('{') ? whole.slice(0, Math.ceil(whole.length / 2)) : '{';
      return HttpResponse.text(half, { status: 200, headers: { 'content-type': 'application/json' } });
    },
  }),
});
