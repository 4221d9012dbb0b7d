import type { BuiltInChecker } from '../lib/checker.ts';
import { fallbackBreakersApart } from './fallback-breakers-apart.ts';
import { fallbackReopens } from './fallback-reopens.ts';
import { fallbackReturns } from './fallback-returns.ts';
import { fallbackSparesBreaker } from './fallback-spares-breaker.ts';
import { fallbackTold } from './fallback-told.ts';
import { fallsBack } from './falls-back.ts';

export const FALLBACK: readonly BuiltInChecker[] = [
  fallsBack,
  fallbackTold,
  fallbackReturns,
  fallbackBreakersApart,
  fallbackReopens,
  fallbackSparesBreaker,
];
