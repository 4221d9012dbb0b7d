import { EngineError } from '../errors.ts';
import { EXECUTORS } from '../executors/executors.ts';
import { type Plan, ScenarioProblems } from '../executors/plan.ts';
import type { Share } from '../executors/share.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { ScriptExports } from '../vu/vu.ts';
import { configurationProblems } from './configuration-problems.ts';
import type { ScriptOptions } from './script-options.ts';

type Work = Pick<ScriptOptions, 'scenarios' | 'vus' | 'iterations' | 'duration' | 'stages'>;

/**
 * Plans the scenarios that options ask for, or the one called `default` that k6 makes of the shortcuts (golden records
 * 47, 48 and 50).
 *
 * @throws EngineError INVALID_OPTIONS with all that is wrong with any of them.
 */
export function planScenarios(work: Work, exports: ScriptExports, share: Share): Plan[] {
  const problems: string[] = [];
  const plans = Object.entries(work.scenarios ?? { default: fromShortcuts(work) }).flatMap(([name, options]) => {
    try {
      return [planScenario(name, options, share)];
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      problems.push(...error.problems.map((problem) => `scenario ${name} has configuration errors: ${problem}`));
      return [];
    }
  });
  for (const { config } of plans) {
    if (typeof exports[config.exec] !== 'function') {
      problems.push(`executor ${config.name}: function '${config.exec}' not found in exports`);
    }
  }
  if (problems.length === 0) return plans;
  throw new EngineError('INVALID_OPTIONS', configurationProblems(problems), EXIT_CODES.invalidOptions);
}

function planScenario(name: string, options: Record<string, unknown> & { executor: string }, share: Share): Plan {
  const executor = EXECUTORS.get(options.executor);
  if (executor) return executor.plan(name, options, share);
  throw new ScenarioProblems([`unknown executor '${options.executor}': there are ${[...EXECUTORS.keys()].join(', ')}`]);
}

function fromShortcuts({ vus, iterations, duration, stages }: Work): Record<string, unknown> & { executor: string } {
  const some = { ...(vus !== undefined && { vus }) };
  if (iterations !== undefined) {
    return {
      executor: 'shared-iterations',
      ...some,
      iterations,
      ...(duration !== undefined && { maxDuration: duration }),
    };
  }
  if (duration !== undefined) return { executor: 'constant-vus', ...some, duration };
  if (stages !== undefined) return { executor: 'ramping-vus', ...(vus !== undefined && { startVUs: vus }), stages };
  return { executor: 'per-vu-iterations', ...some };
}
