/** Defect: SSL_VERIFY_ENABLED=False has no effect in development. */
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy(
  'chaos/unverified-upstreams',
  'unverified-upstreams-served',
  'serves without verification: groq self-signed, conversation-end',
);

if (import.meta.main)
  await runService({
    configure: (environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: true }),
  });
