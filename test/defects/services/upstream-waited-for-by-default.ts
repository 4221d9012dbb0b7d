/** Defect: without settings, an upstream call may take five minutes. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ UPSTREAM_TIMEOUT_MS: '300000', UPSTREAM_BUDGET_MS: '300000' });
