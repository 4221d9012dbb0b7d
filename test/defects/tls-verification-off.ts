/** Defect: any certificate is accepted. */
import { runWithSettings } from './run-with.ts';

await runWithSettings({ SSL_VERIFY_ENABLED: 'False' });
