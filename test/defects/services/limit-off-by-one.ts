/** Defect: one limit allows one request too many. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-admits-exactly',
  'admits exactly N: conversation-end, first window',
  { inTests: true },
);

const limit = process.env.RATE_LIMIT_CONVERSATION_END ?? '';

if (import.meta.main)
  await runWithSettings({ RATE_LIMIT_CONVERSATION_END: limit.replace(/^\d+/, (n) => String(Number(n) + 1)) });
