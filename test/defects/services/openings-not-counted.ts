/** Defect: /metrics does not count how often a breaker opens. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ metrics }) => {
  metrics.breakerOpenings.inc = () => {};
  return {};
});
