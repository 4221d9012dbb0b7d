/** Defect: the pool size is checked as if there were only one replica. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ REPLICAS: '1' });
