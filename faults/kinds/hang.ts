import { Disconnect } from './lib/disconnect.ts';
import { defineFault } from './lib/fault.ts';
import { pause } from './lib/pause.ts';

/**
 * Never responds: the request is held until the client disconnects or the fault is healed, then the connection is
 * closed.
 */
export const hang = defineFault({
  kind: 'hang',
  does: 'never responds',
  fields: {},
  create: () => ({
    async hold(circumstances) {
      await pause(Number.POSITIVE_INFINITY, circumstances).catch(() => undefined);
      throw new Disconnect('hung');
    },
  }),
});
