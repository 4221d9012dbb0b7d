/** Defect: queries have no timeout, so an unresponsive server blocks them. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/database-outage', 'database-outage-survived', 'answers in time: blackhole');

if (import.meta.main) await runWithSettings({ DATABASE_STATEMENT_TIMEOUT_MS: '3600000' });
