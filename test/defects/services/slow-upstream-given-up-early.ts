/** Defect: an upstream gets half the time that it was promised. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ UPSTREAM_TIMEOUT_MS: '1000' });
