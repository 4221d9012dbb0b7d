import { EngineError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import { percentOf } from '../base/go-float.ts';
import type { Logger } from '../base/logger.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import type { Share } from '../executors/share.ts';
import { DEFAULT_SYSTEM_TAGS } from '../metrics/tags.ts';
import { tlsSettings } from '../net/tls-settings.ts';
import { deriveScenarios } from './derive-scenarios.ts';
import { readShare } from './execution-segment.ts';
import { exportOptions } from './exported-options.ts';
import type { Flags } from './flags.ts';
import { planScenarios } from './plan-scenarios.ts';
import { type Given, readConfiguration, readFlagOptions, readScriptOptions } from './read-options.ts';
import { DEFAULT_OPTIONS, type RunOptions } from './run-options.ts';
import { strictnessOf } from './strictness.ts';

/**
 * Merges options in k6's order of precedence: the configuration file, the script, then the command line and
 * environment. Later sources take precedence (golden record 48).
 *
 * @param narrow Maps this instance's share of the test to this thread's share.
 * @throws EngineError INVALID_OPTIONS that lists all problems in a single message
 */
export function resolveOptions(
  exports: ScriptExports,
  flags: Flags,
  logger: Logger,
  narrow = (whole: Share): Share => whole,
): RunOptions {
  const file = readConfiguration(flags.config);
  const script = readScriptOptions(exports.options, logger);
  const above = readFlagOptions({ ...flags.options, ext: { proofload: flags.own } });
  const given = [file, script, above].reduce(override);
  const { thresholds = {}, tags = {}, systemTags, noSetup, noTeardown, ...rest } = given;
  const { cloud, ext, paused, features, metricSamplesBufferSize, ...ofRun } = rest;
  const { tlsVersion = {}, tlsCipherSuites, executionSegment, executionSegmentSequence, ...others } = ofRun;
  const { scenarios, vus, iterations, duration, stages, ...simple } = others;
  warnOfOverride(file, script, 'script', logger);
  warnOfOverride(override(file, script), above, flags.level, logger);
  assertTrendStats(simple.summaryTrendStats ?? []);
  const share = narrow(readShare(executionSegment, executionSegmentSequence));
  const derived = deriveScenarios({ scenarios, vus, iterations, duration, stages }, logger);
  const plans = planScenarios(derived, exports, share);
  // As in k6, tags of the command line replace the script's.
  const allTags = Object.keys(flags.tags).length > 0 ? flags.tags : tags;
  const raw = [flags.config, exports.options, flags.options].map((source) => (source ?? {}) as Given);
  return {
    ...DEFAULT_OPTIONS,
    ...simple,
    tls: tlsSettings(tlsVersion, tlsCipherSuites),
    scenarios: plans,
    share,
    thresholds: flags.thresholds ? thresholds : {},
    tags: allTags,
    systemTags: systemTags ? new Set(systemTags) : DEFAULT_OPTIONS.systemTags,
    runsSetup: flags.setup && noSetup !== true,
    runsTeardown: flags.teardown && noTeardown !== true,
    strict: strictnessOf(script.ext?.proofload, above.ext?.proofload),
    maxBodySize: above.ext?.proofload?.maxBodySize ?? script.ext?.proofload?.maxBodySize ?? Number.POSITIVE_INFINITY,
    exported: exportOptions(
      {
        ...given,
        summaryTrendStats: simple.summaryTrendStats ?? DEFAULT_OPTIONS.summaryTrendStats,
        systemTags: (systemTags ?? DEFAULT_SYSTEM_TAGS).toSorted(),
        ...(Object.keys(allTags).length > 0 && { tags: allTags }),
        ...(!flags.setup && { noSetup: true }),
        ...(!flags.teardown && { noTeardown: true }),
      },
      raw.reduce(override),
      derived,
    ),
  };
}

const saysWhatToRun = ({ scenarios, iterations, duration, stages }: Given): boolean =>
  (scenarios ?? iterations ?? duration ?? stages) !== undefined;

/**
 * Applies one source's options on top of those from earlier sources. If the source defines what to run, earlier
 * definitions are dropped completely. If it only sets the number of VUs, they are kept.
 */
function override(below: Given, above: Given): Given {
  const { scenarios, iterations, duration, stages, ...others } = below;
  return { ...(saysWhatToRun(above) ? others : below), ...above };
}

function warnOfOverride(below: Given, above: Given, level: string, logger: Logger): void {
  if (!below.scenarios || !saysWhatToRun(above)) return;
  logger.log('warning', `"${level}" level configuration overrode scenarios configuration entirely`);
}

/** @throws EngineError INVALID_OPTIONS, with k6's exit code 255. */
function assertTrendStats(stats: readonly string[]): void {
  for (const stat of stats) {
    if (TREND_STATS.includes(stat) || percentOf(stat) !== undefined) continue;
    const expected = 'expected avg, min, med, max, count or p(N) with N from 0 to 100';
    throw new EngineError('INVALID_OPTIONS', `invalid trend stat '${stat}': ${expected}`, EXIT_CODES.other);
  }
}

const TREND_STATS = ['avg', 'min', 'med', 'max', 'count'];
