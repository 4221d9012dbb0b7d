/** Defect: the interval of the worker is in the code. Pending events are finished seconds later. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ PENDING_WORKER_INTERVAL_MS: '8000' });
