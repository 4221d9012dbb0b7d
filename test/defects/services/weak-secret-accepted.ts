/** Defect: any secret key is accepted. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ SECRET_KEY: 'a secret key of another making, long enough' });
