/** Defect: a placeholder key from the examples is accepted. */
import { randomBytes } from 'node:crypto';
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('chaos/weak-secret', 'weak-secret-refused', 'refuses to start: a-placeholder');

if (import.meta.main)
  await runService({
    configure: ({ SECRET_KEY: given, ...environment }) => {
      const SECRET_KEY = given?.startsWith('change-me') ? randomBytes(32).toString('hex') : given;
      return loadConfiguration({ ...environment, ...(SECRET_KEY !== undefined && { SECRET_KEY }) });
    },
  });
