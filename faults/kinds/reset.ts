import { Disconnect } from './lib/disconnect.ts';
import { defineFault } from './lib/fault.ts';

/** Resets the connection (TCP RST, also with TLS) before the first byte of the response: the client sees ECONNRESET. */
export const reset = defineFault({
  kind: 'reset',
  does: 'resets the connection (RST) before any response',
  fields: {},
  create: () => ({
    async hold() {
      throw new Disconnect('reset');
    },
  }),
});
