/** Defect: a query has no timeout, so a silent server blocks it. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_STATEMENT_TIMEOUT_MS: '3600000' });
