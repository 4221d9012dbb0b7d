/** Defect: a query on a server that went silent is waited for, for as long as that takes. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_STATEMENT_TIMEOUT_MS: '3600000' });
