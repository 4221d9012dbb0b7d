import { Trend } from 'k6/metrics';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { breakCalls } from './break-calls.ts';
import type { Path } from './context.ts';
import { lab } from './lab.ts';
import { call, composed, tagsOf } from './service.ts';
import { pause, times } from './wait.ts';

const memoryBytes = new Trend('memory_bytes');

/** The length of the stream, as a multiple of the promised megabytes. */
const LENGTH = 4;
/** The growth at which the measurement stops, as a multiple of the promised megabytes. */
const ENOUGH = 1.5;
const BYTES_PER_MEGABYTE = 1_000_000;
/** How often to measure the memory, and the number of measurements before the stream and after its last byte. */
const EVERY_MS = 50;
const LOOKS = 4;
/**
 * If a service's memory does not grow for this long, the service has stopped reading. Times are in milliseconds, sizes
 * in megabytes.
 */
const STILL_MS = 1_600;
const STILL_MEGABYTES = 2;
const LONGEST_MS = 20_000;

/** Returns the phase that `leaveUnread` begins, for the plan of a scenario. */
export const unreadOf = ({ endpoint, upstream }: Path): PlannedAction<'unread stream'> => ({
  action: 'unread stream',
  upstream,
  endpoint,
});

/** Lets a caller call an endpoint and read nothing, while the upstream sends a long stream. */
export async function leaveUnread(planned: PlannedAction<'unread stream'>, megabytes: number): Promise<void> {
  const { endpoint, upstream } = planned;
  const phase = await lab.phase(planned);
  const before = Math.max(...(await times(LOOKS, () => look({ phase, about: 'before' }))));
  await breakCalls(upstream, { kind: 'flood', megabytes: LENGTH * megabytes });
  await lab.callSilently(await composed(endpoint));
  await watch(before + ENOUGH * megabytes, upstream, { phase, about: 'unread' });
  await lab.disconnectSilent();
  await lab.heal(upstream);
  await call(endpoint, { phase, about: 'again' });
}

/** Notes the memory until it has grown too much, no longer grows, or the upstream has sent everything. */
async function watch(most: number, upstream: string, tags: ScriptTags): Promise<void> {
  const deadline = Date.now() + LONGEST_MS;
  let grown = 0;
  let since = Date.now();
  while (Date.now() < deadline && Date.now() - since < STILL_MS && grown < most) {
    const now = await look(tags);
    if (now > grown + STILL_MEGABYTES) {
      grown = now;
      since = Date.now();
    }
    if ((await lab.inProgress(upstream)) === 0) {
      await times(LOOKS, () => look(tags));
      return;
    }
  }
}

/** Notes the memory. Returns it in megabytes. */
async function look(tags: ScriptTags): Promise<number> {
  await pause(EVERY_MS);
  const bytes = await lab.memory();
  memoryBytes.add(bytes, tagsOf(tags));
  return bytes / BYTES_PER_MEGABYTE;
}
