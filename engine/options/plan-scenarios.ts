import type { ScriptExports } from '../base/script-exports.ts';
import { EXECUTORS } from '../executors/executors.ts';
import { type Plan, ScenarioProblems } from '../executors/plan.ts';
import type { Share } from '../executors/share.ts';
import { invalidConfiguration } from './invalid-configuration.ts';

/**
 * Plans a test's scenarios (golden records 47, 48 and 50).
 *
 * @param scenarios The options of each scenario, by name.
 * @throws EngineError INVALID_OPTIONS that lists the problems of all scenarios
 */
export function planScenarios(
  scenarios: Readonly<Record<string, unknown>>,
  exports: ScriptExports,
  share: Share,
): Plan[] {
  const problems: string[] = [];
  const plans = Object.entries(scenarios).flatMap(([name, options]) => {
    try {
      return [planScenario(name, options, share)];
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      problems.push(`scenario ${name} has configuration errors: ${error.problems.join(', ')}`);
      return [];
    }
  });
  for (const { config } of plans) {
    if (typeof exports[config.exec] !== 'function') {
      problems.push(`executor ${config.name}: function '${config.exec}' not found in exports`);
    }
  }
  if (problems.length === 0) return plans;
  throw invalidConfiguration(problems);
}

function planScenario(name: string, options: unknown, share: Share): Plan {
  const fields = Object.entries(options as object);
  const type = String(fields.findLast(([field]) => field.toLowerCase() === 'executor')?.[1]);
  const executor = EXECUTORS.get(type);
  if (executor) return executor.plan(name, options, share);
  throw new ScenarioProblems([`unknown executor '${type}': there are ${[...EXECUTORS.keys()].join(', ')}`]);
}
