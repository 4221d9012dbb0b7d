import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import type * as Look from '../../../scenarios/lib/look.ts';
import { REAL_TIME } from '../../support/real-time.ts';

test.each([
  { what: 'a second late in a minute', seconds: 60, after: 14_000, looks: 3 },
  { what: 'after half of the rest of a minute', seconds: 60, after: 36_600, looks: 0 },
  { what: 'a little late in a second', seconds: 1, after: 910, looks: 3 },
  { what: 'at the end of a second', seconds: 1, after: 960, looks: 0 },
])('looks happen $looks times $what', REAL_TIME, async ({ seconds, after, looks }) => {
  const { look } = (await loadScript('scenarios/lib/look.ts', { env: {} })) as unknown as typeof Look;
  let acts = 0;
  await look(3, Date.now() - after, seconds, async () => {
    acts += 1;
  });
  expect(acts).toBe(looks);
});
