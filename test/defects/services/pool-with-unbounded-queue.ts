/** Defect: any number of queries may wait for a connection. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_QUEUE_MAX: '1000000' });
