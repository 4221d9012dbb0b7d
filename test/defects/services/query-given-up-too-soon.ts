/** Defect: a query that waits for a lock is given up long before its time. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_STATEMENT_TIMEOUT_MS: '300' });
