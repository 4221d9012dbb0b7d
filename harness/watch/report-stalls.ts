/** Loaded into the embedded engine before all else: tells the harness, in a line of its log, of each pause of its loop. */

import { now } from '../base/clock.ts';
import { watchEventLoop } from './event-loop.ts';
import { STALL_MS } from './stall-log.ts';

watchEventLoop((ms) => {
  if (ms >= STALL_MS)
    process.stderr.write(`${JSON.stringify({ level: 'info', source: 'event-loop', at: now(), ms })}\n`);
});
