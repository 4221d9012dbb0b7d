/**
 * Defect: each replica counts in its own memory, regardless of the configured store, so two replicas allow twice as
 * many requests.
 */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/replicas',
  'replicas-share-limits',
  'replicas share the limit: conversation-end, first window',
);

if (import.meta.main) await runWithSettings({ RATE_LIMIT_STORE: 'memory' });
