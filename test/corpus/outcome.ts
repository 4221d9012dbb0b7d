import { reduce, TIME_METRICS } from '../k6-golden/reduce.mjs';
import type { Group, ScriptRun, Summary } from './run-script.ts';

/** What two runs of a script are compared by: values by what they describe. Lists are sorted. */
export type Outcome = Readonly<Record<string, unknown>>;

/** The outcome of a run that was ended because it took too long. */
const TIMED_OUT: Outcome = { 'exit code': 'timed out' };

const THRESHOLDS_CROSSED = 99;

/** The summaries that k6 and the engine write unless the script's `handleSummary()` does. Their layouts differ. */
const OWN_SUMMARY = /^\s*(█ (THRESHOLDS|TOTAL RESULTS)|(thresholds|checks|metrics)\n)/;

/** Reduces a run to its outcome. Leaves out times, numbers of bytes, and rates per second. */
export function outcomeOf(run: ScriptRun): Outcome {
  if (run.exitCode === null) return TIMED_OUT;
  const reduced = reduce({ ...run, exitCode: run.exitCode, files: {} });
  const types = metricTypes(run);
  const thresholds = thresholdsOf(run.summary, types);
  const hasCrossed = Object.values(thresholds).includes(true);
  const points = Object.entries(JSON.parse(inOneWording(JSON.stringify(reduced.jsonPoints)))).filter(
    ([name]) => !name.startsWith('vus'),
  );
  return {
    'exit code': run.exitCode === THRESHOLDS_CROSSED && !hasCrossed ? 0 : run.exitCode,
    requests: replaced(run.arrived, run.names).sort(),
    console: reduced.console.map(({ level, msg }) => `${level}: ${inOneWording(msg)}`).sort(),
    stdout: OWN_SUMMARY.test(reduced.stdout) ? '' : inOneWording(reduced.stdout),
    errors: reduced.log
      .filter(({ level, msg }) => level === 'error' && !msg.startsWith('thresholds on metrics'))
      .map(({ msg }) => kindOf(msg))
      .sort(),
    files: [...run.files].sort(),
    ...prefixed('threshold', thresholds),
    ...prefixed('check', run.summary ? checksIn(run.summary.root_group) : {}),
    ...prefixed('metric', metricsIn(run.summary, types)),
    ...prefixed('samples of', Object.fromEntries(points)),
  };
}

/** Replaces messages of the language's own exceptions, which have another wording in k6's JavaScript engine. */
const inOneWording = (text: string): string =>
  text
    .replace(
      /Cannot read propert(?:y '(\w+)' of (undefined|null)|ies of (undefined|null) \(reading '(\w+)'\))/g,
      'NO OBJECT',
    )
    .replace(/[\w.$]+ is not a function|Object has no member '\w+'/g, 'NO FUNCTION');

/** The first error that was logged, or an empty text. */
export const firstError = (run: ScriptRun): string => run.log.find(({ level }) => level === 'error')?.msg ?? '';

/** The number of iterations that ended with an exception. */
export const exceptionsIn = (run: ScriptRun): number =>
  run.log.filter(({ level, source, msg }) => level === 'error' && source !== 'console' && /Error\b|\n\s+at /.test(msg))
    .length;

/** The class of an exception of the language. Other texts depend on the engine, such as those of syntax errors. */
const kindOf = (message: string): string => /\b(Type|Reference|Range|URI)Error\b/.exec(message)?.[0] ?? 'error';

type Types = ReadonlyMap<string, string>;

/** Returns the type of each metric that has samples. */
const metricTypes = ({ samples }: ScriptRun): Types =>
  new Map(
    (samples as readonly { type: string; metric: string; data: { type: string } }[])
      .filter(({ type }) => type === 'Metric')
      .map(({ metric, data }) => [metric, data.type]),
  );

const baseOf = (metric: string): string => metric.replace(/\{.*/, '');

const isMeasured = (metric: string, types: Types): boolean =>
  TIME_METRICS.includes(baseOf(metric)) || baseOf(metric).startsWith('data_') || types.get(baseOf(metric)) === 'trend';

/** Returns for each threshold whether it was crossed. */
function thresholdsOf(summary: Summary | null, types: Types): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [metric, { thresholds }] of Object.entries(summary?.metrics ?? {})) {
    if (typeof thresholds !== 'object' || isMeasured(metric, types)) continue;
    for (const [expression, isCrossed] of Object.entries(thresholds)) {
      const isPerSecond = types.get(baseOf(metric)) === 'counter' && expression.trim().startsWith('rate');
      if (!isPerSecond) found[`${metric}: ${expression}`] = isCrossed;
    }
  }
  return found;
}

/** Returns the values of each metric. Of measured metrics, only the names of the values, and whether they count 0. */
function metricsIn(summary: Summary | null, types: Types): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, { thresholds: _, ...values }] of Object.entries(summary?.metrics ?? {})) {
    if (name === 'vus' || name === 'vus_max') continue;
    const { rate, ...others } = values;
    found[name] = isMeasured(name, types)
      ? [...Object.keys(values).sort(), ...(values.count === 0 ? ['0'] : [])]
      : { ...others, ...('passes' in others && { rate }) };
  }
  return found;
}

const checksIn = ({ checks, groups }: Group): Record<string, unknown> =>
  Object.assign(
    Object.fromEntries(Object.values(checks).map(({ path, passes, fails }) => [inOneWording(path), { passes, fails }])),
    ...Object.values(groups).map((group) => ({ [`${group.path} (group)`]: true, ...checksIn(group) })),
  );

const prefixed = (prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix} ${name}`, value]));

const replaced = (texts: readonly string[], names: Readonly<Record<string, string>>): string[] =>
  texts.map((text) => Object.entries(names).reduce((changed, [from, to]) => changed.replaceAll(from, to), text));
