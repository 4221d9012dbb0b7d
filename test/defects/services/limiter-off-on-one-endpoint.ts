/** Defect: one endpoint has no limiter. */
import { noRateLimit } from '../../../service/protections/rate-limit.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({ limiters: { ...limiters, activitiesSuggest: noRateLimit } }));
