import type { Family } from '../lib/family.ts';
import { START_MUTANTS } from './mutants.ts';
import { unsafeStartRefused } from './unsafe-start-refused.ts';
import { strongSecretAccepted, weakSecretRefused } from './weak-secret-refused.ts';

export const START: Family = {
  title: 'Start of the service',
  checkers: [weakSecretRefused, strongSecretAccepted, unsafeStartRefused],
  mutants: START_MUTANTS,
};
