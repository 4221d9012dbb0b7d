import type { Family } from '../lib/family.ts';
import { budgetCallers } from './budget-callers.ts';
import { budgetCounts } from './budget-counts.ts';
import { budgetEnds } from './budget-ends.ts';
import { budgetHolds } from './budget-holds.ts';
import { budgetRefuses } from './budget-refuses.ts';
import { budgetSpares } from './budget-spares.ts';
import { budgetSurvives } from './budget-survives.ts';
import { BUDGET_MUTANTS } from './mutants.ts';

export const BUDGETS: Family = {
  title: 'Budgets',
  checkers: [budgetHolds, budgetRefuses, budgetSpares, budgetCounts, budgetCallers, budgetSurvives, budgetEnds],
  mutants: BUDGET_MUTANTS,
};
