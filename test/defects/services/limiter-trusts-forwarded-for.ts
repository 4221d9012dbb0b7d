/** Defect: anybody can be another client by saying so. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ TRUST_PROXY_HOPS: '1' });
