/** Loaded into the embedded engine before anything else. Logs each event-loop pause for the harness. */

import { now } from '../base/clock.ts';
import { watchEventLoop } from './event-loop.ts';
import { STALL_MS } from './stall-log.ts';

watchEventLoop((ms) => {
  if (ms >= STALL_MS)
    process.stderr.write(`${JSON.stringify({ level: 'info', source: 'event-loop', at: now(), ms })}\n`);
});
