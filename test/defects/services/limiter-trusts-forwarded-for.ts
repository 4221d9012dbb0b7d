/** Defect: X-Forwarded-For is trusted from any sender. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ TRUST_PROXY_HOPS: '1' });
