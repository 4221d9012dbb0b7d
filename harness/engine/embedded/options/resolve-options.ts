import { EngineError } from '../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Logger } from '../output/logger.ts';
import type { ScriptExports } from '../vu/vu.ts';
import { configurationProblems } from './configuration-problems.ts';
import type { Flags } from './flags.ts';
import { planScenarios } from './plan-scenarios.ts';
import { DEFAULT_OPTIONS, type RunOptions } from './run-options.ts';
import { type ScriptOptions, scriptOptions } from './script-options.ts';

/**
 * Puts a script's options and the command line's together; the command line wins (golden record 48).
 *
 * @throws EngineError INVALID_OPTIONS with everything that is wrong, in one message.
 */
export function resolveOptions(exports: ScriptExports, flags: Flags, logger: Logger): RunOptions {
  const script = readScriptOptions(exports.options);
  const {
    scenarios,
    thresholds = {},
    tags = {},
    systemTags,
    vus,
    iterations,
    duration,
    stages,
    cloud,
    ext,
    noUsageReport,
    ...rest
  } = script;
  const shortcuts = { vus, iterations, duration, stages };
  const overridden = flags.vus ?? flags.iterations ?? flags.duration;
  if (overridden !== undefined && (scenarios || stages)) {
    logger.log('warning', '"cli" level configuration overrode scenarios configuration entirely');
  }
  const plans = planScenarios(
    overridden === undefined
      ? { scenarios, ...shortcuts }
      : {
          vus: flags.vus ?? vus,
          iterations: flags.iterations,
          duration: flags.duration,
          stages: undefined,
          scenarios: undefined,
        },
    exports,
  );
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULT_OPTIONS,
    ...given,
    scenarios: plans,
    thresholds,
    tags: { ...tags, ...flags.tags },
    systemTags: systemTags ? new Set(systemTags) : DEFAULT_OPTIONS.systemTags,
    exported: {
      ...(exports.options as object),
      scenarios: scenarios ?? Object.fromEntries(plans.map(({ config }) => [config.name, config])),
    },
  };
}

function readScriptOptions(exported: unknown): ScriptOptions {
  const read = scriptOptions.safeParse(exported ?? {});
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ code, path, message, ...issue }) =>
    code === 'unrecognized_keys' && path.length === 0 && 'keys' in issue
      ? issue.keys.map((key) => `the option '${key}' is not available in the embedded engine`).join(', ')
      : `${path.join('.') || 'options'}: ${message}`,
  );
  throw new EngineError('INVALID_OPTIONS', configurationProblems(problems), EXIT_CODES.invalidOptions);
}
