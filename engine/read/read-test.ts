import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import { declareStrictMetrics } from '../metrics/strict-metrics.ts';
import type { Flags } from '../options/flags.ts';
import { resolveOptions } from '../options/resolve-options.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import { ThresholdSet } from '../thresholds/threshold-set.ts';
import { countScenarios } from '../vu/counts.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';
import { createTest } from './create-test.ts';

/** A script that has been evaluated but not run. */
export interface ReadTest {
  readonly test: Test;
  readonly exports: ScriptExports;
  readonly thresholds: ThresholdSet;
}

/**
 * Evaluates a script once and merges its options with those from the command line.
 *
 * @param onTest Called as soon as the test exists, so that signals can stop it.
 * @throws EngineError if the script does not load or its options are invalid
 */
export async function readTest(
  flags: Flags,
  logger: Logger,
  onTest: (test: Test) => void = () => {},
): Promise<ReadTest> {
  assertIsFile(flags.script);
  const test = createTest(flags, logger);
  onTest(test);
  const exports = await evaluateScript(new Vu(test, 0));
  for (const stage of ['setup', 'teardown'] as const) {
    if (exports[stage] === undefined || typeof exports[stage] === 'function') continue;
    throw new EngineError('STAGE_REFUSED', `exported '${stage}' must be a function`);
  }
  if (!Object.values(exports).some((value) => typeof value === 'function')) {
    throw new EngineError('NOTHING_EXPORTED', 'no exported functions in script');
  }
  test.options = resolveOptions(exports, flags, logger);
  test.scenarioCounts = countScenarios(test.options.scenarios.map(({ config }) => config.name));
  if (test.options.strict) test.strictMetrics = declareStrictMetrics(test.registry);
  return { test, exports, thresholds: new ThresholdSet(test.options.thresholds, test.registry) };
}

/** @throws EngineError SCRIPT_NOT_FOUND */
function assertIsFile(script: string): void {
  if (script === '-') return;
  const stat = statSync(script, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) return;
  const why = stat ? 'is a folder' : 'does not exist';
  throw new EngineError('SCRIPT_NOT_FOUND', `the script ${resolve(script)} ${why}`);
}
