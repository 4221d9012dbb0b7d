/** Defect: the service starts with an upstream at an http:// URL in production. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy(
  'chaos/unsafe-start',
  'unsafe-start-refused',
  'refuses to start: an-LLM-API-in-plain-text',
);

if (import.meta.main)
  await runService({
    configure: ({ GROQ_BASE_URL: url, ...environment }) => {
      const configuration = loadConfiguration(environment);
      return { ...configuration, groq: { ...configuration.groq, baseUrl: url ?? configuration.groq.baseUrl } };
    },
  });
