/** Defect: callers wait twice as long for an upstream as was promised. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ UPSTREAM_TIMEOUT_MS: '4000' });
