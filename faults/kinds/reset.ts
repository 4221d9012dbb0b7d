import { Disconnect } from './disconnect.ts';
import { defineFault } from './fault.ts';

/** Resets the connection (TCP RST, also below TLS) before a byte of the answer: the client sees ECONNRESET. */
export const reset = defineFault({
  kind: 'reset',
  does: 'resets the connection (RST) before any answer',
  fields: {},
  create: () => ({
    async hold() {
      throw new Disconnect('reset');
    },
  }),
});
