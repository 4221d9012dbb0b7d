import { systemClock } from '../../../service/base/clock.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';

/** Creates a budget that no test exhausts. */
export const requestBudget = (totalMs = 60_000): RequestBudget => new RequestBudget(totalMs, systemClock);
