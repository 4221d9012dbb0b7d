import { EngineError } from '../errors.ts';
import type { Share } from '../executors/share.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { tlsSettings } from '../http/tls-settings.ts';
import type { Logger } from '../output/logger.ts';
import type { ScriptExports } from '../vu/vu.ts';
import { configurationProblems } from './configuration-problems.ts';
import { readShare } from './execution-segment.ts';
import type { Flags } from './flags.ts';
import { planScenarios } from './plan-scenarios.ts';
import { DEFAULT_OPTIONS, type RunOptions } from './run-options.ts';
import { type ScriptOptions, scriptOptions } from './script-options.ts';
import { strictnessOf } from './strictness.ts';

/**
 * Puts options together as k6 does: a configuration file's, then the script's own, then those of the command line and the
 * environment; the later win (golden record 48).
 *
 * @param narrow From what this instance has of the test to what this thread has of that.
 * @throws EngineError INVALID_OPTIONS with everything that is wrong, in one message.
 */
export function resolveOptions(
  exports: ScriptExports,
  flags: Flags,
  logger: Logger,
  narrow = (whole: Share): Share => whole,
): RunOptions {
  const script = readScriptOptions(exports.options);
  const above = readScriptOptions({ ...flags.options, ext: { proofload: flags.strictness } });
  const given = [readScriptOptions(flags.config), script, above].reduce(override);
  const {
    scenarios,
    thresholds = {},
    tags = {},
    systemTags,
    cloud,
    ext,
    noUsageReport,
    paused,
    linger,
    ...rest
  } = given;
  const { tlsVersion = {}, tlsCipherSuites, ...others } = rest;
  const { vus, iterations, duration, stages, executionSegment, executionSegmentSequence, ...simple } = others;
  if (saysWhatToRun(above) && (script.scenarios || script.stages)) {
    logger.log('warning', '"cli" level configuration overrode scenarios configuration entirely');
  }
  if (scenarios && above.vus !== undefined) {
    logger.log(
      'warning',
      `the \`vus=${above.vus}\` option will be ignored, it only works in conjunction with \`iterations\`, \`duration\`, or \`stages\``,
    );
  }
  const share = narrow(readShare(executionSegment, executionSegmentSequence));
  const plans = planScenarios({ scenarios, vus, iterations, duration, stages }, exports, share);
  return {
    ...DEFAULT_OPTIONS,
    ...simple,
    tls: tlsSettings(tlsVersion, tlsCipherSuites),
    scenarios: plans,
    share,
    thresholds: flags.thresholds ? thresholds : {},
    tags: { ...tags, ...flags.tags },
    systemTags: systemTags ? new Set(systemTags) : DEFAULT_OPTIONS.systemTags,
    runsSetup: flags.setup,
    runsTeardown: flags.teardown,
    strict: strictnessOf(script.ext?.proofload, above.ext?.proofload),
    exported: {
      ...(exports.options as object),
      scenarios: scenarios ?? Object.fromEntries(plans.map(({ config }) => [config.name, config])),
    },
  };
}

type Given = { readonly [Name in keyof ScriptOptions]?: Exclude<ScriptOptions[Name], undefined> };

const saysWhatToRun = ({ scenarios, iterations, duration, stages }: Given): boolean =>
  (scenarios ?? iterations ?? duration ?? stages) !== undefined;

/** Whoever says what to run says all of it, but for the number of VUs, which goes with what there is. */
function override(below: Given, above: Given): Given {
  const { scenarios, iterations, duration, stages, ...others } = below;
  return { ...(saysWhatToRun(above) ? others : below), ...above };
}

function readScriptOptions(exported: unknown): Given {
  const read = scriptOptions.safeParse(exported ?? {});
  // What is undefined is not given.
  if (read.success) return Object.fromEntries(Object.entries(read.data).filter(([, value]) => value !== undefined));
  const problems = read.error.issues.map(({ code, path, message, ...issue }) =>
    code === 'unrecognized_keys' && path.length === 0 && 'keys' in issue
      ? issue.keys.map((key) => `the option '${key}' is not available in the embedded engine`).join(', ')
      : `${path.join('.') || 'options'}: ${message}`,
  );
  throw new EngineError('INVALID_OPTIONS', configurationProblems(problems), EXIT_CODES.invalidOptions);
}
