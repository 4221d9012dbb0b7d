/** Defect: queries have no timeout, so an unresponsive server blocks them. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_STATEMENT_TIMEOUT_MS: '3600000' });
