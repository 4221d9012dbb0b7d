import type { Family } from '../lib/family.ts';
import { fallbackBreakersApart } from './fallback-breakers-apart.ts';
import { fallbackReopens } from './fallback-reopens.ts';
import { fallbackReturns } from './fallback-returns.ts';
import { fallbackSparesBreaker } from './fallback-spares-breaker.ts';
import { fallbackTold } from './fallback-told.ts';
import { fallsBack } from './falls-back.ts';
import { FALLBACK_MUTANTS } from './mutants.ts';

export const FALLBACK: Family = {
  title: 'Fallbacks',
  checkers: [fallsBack, fallbackTold, fallbackReturns, fallbackBreakersApart, fallbackReopens, fallbackSparesBreaker],
  mutants: FALLBACK_MUTANTS,
};
