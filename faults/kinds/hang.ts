import { Disconnect } from './disconnect.ts';
import { defineFault } from './fault.ts';
import { pause } from './pause.ts';

/** Never answers: the request is held until its client goes or the fault is healed, and its connection is closed. */
export const hang = defineFault({
  kind: 'hang',
  does: 'never answers',
  fields: {},
  create: () => ({
    async hold(circumstances) {
      await pause(Number.POSITIVE_INFINITY, circumstances).catch(() => undefined);
      throw new Disconnect('hung');
    },
  }),
});
