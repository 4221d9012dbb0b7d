import type { Family } from '../lib/family.ts';
import { WORK_MUTANTS } from './mutants.ts';
import { workAccepted } from './work-accepted.ts';
import { workFinished } from './work-finished.ts';
import { workFinishedOnce } from './work-finished-once.ts';

export const WORK: Family = {
  title: 'Accepted work',
  checkers: [workAccepted, workFinished, workFinishedOnce],
  mutants: WORK_MUTANTS,
};
