import { systemClock } from '../../../service/base/clock.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';

/** The time of one request for upstream calls: more than any test takes. */
export const requestBudget = (totalMs = 60_000): RequestBudget => new RequestBudget(totalMs, systemClock);
