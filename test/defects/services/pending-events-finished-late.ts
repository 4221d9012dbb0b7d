/** Defect: the interval of the worker is in the code. Pending events are finished seconds later. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/accepted-work',
  'work-finished',
  'finishes work by itself: conversation-end without groq',
);

if (import.meta.main) await runWithSettings({ PENDING_WORKER_INTERVAL_MS: '8000' });
