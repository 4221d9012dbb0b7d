/** Defect: the worker never runs. A pending event is finished only if a client repeats its request. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ PENDING_WORKER_ENABLED: 'false' });
