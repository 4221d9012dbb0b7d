/** Defect: the timeout for upstream calls is half as long as promised. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ UPSTREAM_TIMEOUT_MS: '1000' });
