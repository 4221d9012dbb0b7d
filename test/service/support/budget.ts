import { systemClock } from '../../../service/base/clock.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';

/** A budget that no test uses up. */
export const requestBudget = (totalMs = 60_000): RequestBudget => new RequestBudget(totalMs, systemClock);
