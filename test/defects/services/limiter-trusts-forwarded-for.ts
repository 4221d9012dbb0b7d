/** Defect: X-Forwarded-For is trusted, no matter who sends it. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ TRUST_PROXY_HOPS: '1' });
