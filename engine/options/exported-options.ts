import { formatDuration, parseDuration } from '../base/duration.ts';
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
const KEPT = new Set(['thresholds', 'dns', 'hosts', 'tlsVersion', 'tlsAuth', 'blacklistIPs', 'blockHostnames', 'ext']);

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
  const set = Object.entries({ ...others, ...work, ...lists, scenarios: {} });
  return {
    all: {
      ...UNSET,
      ...others,
      ...lists,
      dns: { ttl: null, select: null, policy: null, ...(raw.dns as object) },
      scenarios: Object.fromEntries(
        Object.entries(scenarios).map(([name, scenario]) => [
          name,
          { ...UNSET_OF_SCENARIO, ...withTexts(scenario as object) },
        ]),
      ),
    },
    set: Object.fromEntries(set.filter(([name, value]) => value !== undefined && !KEPT.has(name))),
  };
}

/** Writes the durations among an object's fields, and in its stages, as text. */
function withTexts(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name === 'stages' && Array.isArray(value) ? value.map(withTexts) : shown(name, value),
    ]),
  );
}

const shown = (name: string, value: unknown): unknown =>
  DURATIONS.has(name) && (typeof value === 'number' || typeof value === 'string')
    ? formatDuration(parseDuration(value))
    : value;
