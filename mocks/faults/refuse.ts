import { defineFault } from './fault.ts';

/**
 * Refuses connections (ECONNREFUSED): the upstream stops listening, lets the requests under way end, closes every other
 * connection, and listens on the same port again when the fault is healed or its time is over.
 */
export const refuse = defineFault({
  kind: 'refuse',
  fields: {},
  actsOn: 'port',
  create: () => ({ engage: (listener) => listener.refuse() }),
});
