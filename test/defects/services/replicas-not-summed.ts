/** Defect: a pool is held against the server's connections as if there were no other replica. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ REPLICAS: '1' });
