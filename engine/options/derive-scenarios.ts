import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { ScriptOptions } from './script-options.ts';

/** The options that define which scenarios to run. */
export type Work = Pick<ScriptOptions, 'scenarios' | 'vus' | 'iterations' | 'duration' | 'stages'>;

/**
 * Returns a test's scenarios: either the ones it declares, or the `default` scenario that k6 derives from `vus`,
 * `iterations`, `duration` and `stages`. As in k6 v2, setting only `vus` replaces any scenarios with that number of
 * iterations.
 *
 * @throws EngineError INVALID_OPTIONS for conflicting options
 */
export function deriveScenarios(work: Work, logger: Logger): Record<string, unknown> {
  const { scenarios, vus, iterations, duration, stages } = work;
  const hasStages = stages !== undefined && stages.length > 0;
  const some = { ...(vus !== undefined && { vus }) };
  const refuse = (name: string, other: 'stages' | 'scenarios', isThere: boolean) => {
    if (isThere) throw refused(`using \`${name}\` and \`${other}\` options simultaneously is not allowed`);
  };
  if (iterations !== undefined) {
    refuse('iterations', 'stages', hasStages);
    refuse('iterations', 'scenarios', scenarios !== undefined);
    const limit = duration === undefined ? {} : { maxDuration: duration };
    return only({ executor: 'shared-iterations', ...some, iterations, ...limit });
  }
  if (duration !== undefined) {
    refuse('duration', 'stages', hasStages);
    refuse('duration', 'scenarios', scenarios !== undefined);
    if (duration <= 0) throw refused('`duration` option should be more than 0');
    return only({ executor: 'constant-vus', ...some, duration });
  }
  if (hasStages) {
    refuse('stages', 'scenarios', scenarios !== undefined);
    return only({ executor: 'ramping-vus', ...(vus !== undefined && { startVUs: vus }), stages });
  }
  if (vus !== undefined && stages === undefined) {
    if (scenarios) logger.log('warning', `\`vus=${vus}\` overrides scenarios configuration`);
    return only({ executor: 'shared-iterations', vus, iterations: vus });
  }
  if (scenarios && Object.keys(scenarios).length > 0) return scenarios;
  for (const [name, value] of Object.entries({ stages, scenarios })) {
    if (value === undefined) continue;
    const what = `\`${name}\` was explicitly set to an empty value`;
    logger.log('warning', `${what}, running the script with 1 iteration in 1 VU`);
  }
  return only({ executor: 'per-vu-iterations' });
}

const only = (scenario: object) => ({ default: scenario });

const refused = (message: string): EngineError => new EngineError('INVALID_OPTIONS', message);
