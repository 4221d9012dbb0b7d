/** Defect: upstream certificates are not verified. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: groq self-signed, conversation-end',
  { inTests: true },
);

if (import.meta.main)
  await runService({ configure: (environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: false }) });
