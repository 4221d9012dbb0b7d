import type { Family } from '../lib/family.ts';
import { freezeCountsNothing } from './freeze-counts-nothing.ts';
import { frozenCallsServed } from './frozen-calls-served.ts';
import { FREEZE_MUTANTS } from './mutants.ts';

export const FREEZE: Family = {
  title: 'Moments without a processor',
  checkers: [frozenCallsServed, freezeCountsNothing],
  mutants: FREEZE_MUTANTS,
};
