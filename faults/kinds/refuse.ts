import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Refuses connections (ECONNREFUSED). The target stops listening, and listens on the same port again when the fault is
 * healed or its time is over. An upstream finishes its current requests and closes all other connections.
 */
export const refuse = defineUpstreamFault({
  kind: 'refuse',
  does: 'refuses connections (ECONNREFUSED); requests in flight are still served',
  effect: 'port',
  seen: 'connection',
  fields: {},
  create: () => ({ engage: (target, fault) => target.refuse(fault) }),
});
