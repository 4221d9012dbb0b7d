/** Defect: the worker never runs. A pending event is finished only if a client repeats its request. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/accepted-work',
  'work-finished',
  'finishes work by itself: conversation-end without groq',
  { says: 'groq: none; mem0: none' },
);

if (import.meta.main) await runWithSettings({ PENDING_WORKER_ENABLED: 'false' });
