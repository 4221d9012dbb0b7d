import { Disconnect } from './lib/disconnect.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Resets the connection (TCP RST, also with TLS) before the first byte of the response. The client sees ECONNRESET. */
export const reset = defineUpstreamFault({
  kind: 'reset',
  does: 'resets the connection (RST) before any response',
  effect: 'fails',
  seen: 'connection',
  fields: {},
  create: () => ({
    freshen: (listener) => listener.renewConnections(),
    async hold() {
      throw new Disconnect('reset');
    },
  }),
});
