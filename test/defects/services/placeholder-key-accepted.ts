/** Defect: a key that stands in many an example is accepted. */
import { randomBytes } from 'node:crypto';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { runService } from '../../../service/run-service.ts';

await runService({
  configure: ({ SECRET_KEY: given, ...environment }) => {
    const SECRET_KEY = given?.startsWith('change-me') ? randomBytes(32).toString('hex') : given;
    return loadConfiguration({ ...environment, ...(SECRET_KEY !== undefined && { SECRET_KEY }) });
  },
});
