/** Defect: the default timeout for upstream calls is shorter than specified. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ UPSTREAM_TIMEOUT_MS: '5000' });
