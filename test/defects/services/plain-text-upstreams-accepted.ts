/** Defect: the service starts with an upstream at an http:// URL in production. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: ({ GROQ_BASE_URL: url, ...environment }) => {
    const configuration = loadConfiguration(environment);
    return { ...configuration, groq: { ...configuration.groq, baseUrl: url ?? configuration.groq.baseUrl } };
  },
});
