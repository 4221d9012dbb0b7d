/** Defect: X-Forwarded-For is trusted, no matter who sends it. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-refuses-until-window-ends',
  'refuses until the window ends: conversation-end',
  { says: 'only requests with a forged header were allowed' },
);

if (import.meta.main) await runWithSettings({ TRUST_PROXY_HOPS: '1' });
