import { deepFreeze } from '../base/deep-freeze.ts';
import { formatDuration, parseDuration } from '../base/duration.ts';
import { EXECUTORS } from '../executors/executors.ts';
import { thresholdToJson } from '../thresholds/threshold-set.ts';
import type { Given } from './read-options.ts';

type Values = Readonly<Record<string, unknown>>;

/** The options of a run as scripts see them. */
export interface ExportedOptions {
  /** `exec.test.options`. Options that nothing sets are null. */
  readonly all: Values;
  /** The options that any source sets. After the init stage, they are also in the `options` that the script exports. */
  readonly set: Values;
}

/** The options in `exec.test.options` that nothing sets. */
const UNSET = Object.fromEntries(
  `paused scenarios executionSegment executionSegmentSequence noSetup setupTimeout noTeardown teardownTimeout
  handleSummaryTimeout rps dns maxRedirects userAgent batch batchPerHost httpDebug insecureSkipTLSVerify
  tlsCipherSuites tlsVersion tlsAuth throw thresholds blacklistIPs blockHostnames hosts noConnectionReuse
  noVUConnectionReuse minIterationDuration ext summaryTrendStats summaryTimeUnit systemTags tags
  metricSamplesBufferSize noCookiesReset discardResponseBodies features consoleOutput localIPs`
    .split(/\s+/)
    .map((name) => [name, null]),
);

/** The options of every scenario that it need not set. */
const UNSET_OF_SCENARIO = { startTime: null, gracefulStop: null, env: null, exec: null, tags: null };

const DURATIONS = new Set(
  `setupTimeout teardownTimeout handleSummaryTimeout minIterationDuration duration maxDuration startTime gracefulStop
  gracefulRampDown timeUnit`.split(/\s+/),
);

/** Options that k6 converts to another form in the script's `options`. The engine leaves the script's values there. */
const KEPT = new Set(['dns', 'hosts', 'tlsVersion', 'tlsAuth', 'blacklistIPs', 'blockHostnames', 'ext']);

/**
 * Returns the options of all sources together, in the form in which k6 exposes them: durations as text, numbers and
 * lists converted.
 *
 * @param given The merged options after they were read, with durations in milliseconds.
 * @param raw The same options before they were read.
 * @param scenarios The scenarios that run, also those derived from `vus`, `iterations`, `duration` and `stages`.
 */
export function exportOptions(given: Given, raw: Values, scenarios: Values): ExportedOptions {
  const read: Values = given;
  const { vus, iterations, duration, stages, ...others } = Object.fromEntries(
    Object.entries(read).map(([name, value]) => [name, typeof value === 'object' ? raw[name] : shown(name, value)]),
  );
  const work = { vus, iterations, duration, ...(given.stages && { stages: given.stages.map(withTexts) }) };
  const lists = { summaryTrendStats: given.summaryTrendStats, systemTags: given.systemTags, tags: given.tags };
  const thresholds = given.thresholds && mapped(given.thresholds, asObject);
  const set = Object.entries({ ...others, ...work, ...lists, thresholds, scenarios: {} });
  return {
    all: frozenCopy({
      ...UNSET,
      ...others,
      ...lists,
      ...(thresholds && { thresholds }),
      dns: { ttl: null, select: null, policy: null, ...(raw.dns as object) },
      scenarios: mapped(scenarios, (scenario) => withUnset(scenario as object)),
    }),
    set: Object.fromEntries(set.filter(([name, value]) => value !== undefined && !KEPT.has(name))),
  };
}

/** In the script's `options`, the thresholds of a metric are an object, which becomes a list only in JSON. */
function asObject(given: NonNullable<Given['thresholds']>[string]): object {
  const thresholds = given.map(({ expression, abortOnFail, delayAbortEval }) => ({
    source: expression,
    last_failed: false,
    abort_on_fail: abortOnFail,
    abort_grace_period: delayAbortEval > 0 ? formatDuration(delayAbortEval) : null,
  }));
  const toJSON = () => given.map(thresholdToJson);
  return Object.freeze(Object.defineProperty({ thresholds, abort: false }, 'toJSON', { value: toJSON }));
}

function withUnset(scenario: object): object {
  const { executor, ...options } = withTexts(scenario) as { readonly executor?: string };
  const own = EXECUTORS.get(executor ?? '')?.fields.map((name) => [name, null]) ?? [];
  return { executor, ...UNSET_OF_SCENARIO, ...Object.fromEntries(own), ...options };
}

/** Scripts can't change these options, nor does freezing affect the script's own objects. */
const frozenCopy = (options: Values): Values =>
  deepFreeze(JSON.parse(JSON.stringify(options, (_, value) => (value === undefined ? null : value))));

const mapped = <Value>(values: Readonly<Record<string, Value>>, change: (value: Value, name: string) => unknown) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));

/** Writes the durations among an object's fields, and in its stages, as text. */
const withTexts = (fields: object): object =>
  mapped(fields as Values, (value, name) =>
    name === 'stages' && Array.isArray(value) ? value.map(withTexts) : shown(name, value),
  );

const shown = (name: string, value: unknown): unknown =>
  DURATIONS.has(name) && (typeof value === 'number' || typeof value === 'string')
    ? formatDuration(parseDuration(value))
    : value;
