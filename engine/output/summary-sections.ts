import { createSink, type Metric } from '../metrics/metric.ts';
import type { Sample } from '../metrics/sample.ts';
import type { Sink } from '../metrics/sink.ts';
import { SEPARATOR } from '../vu/group.ts';
import type { SampleOutput } from './json-output.ts';
import { type CheckCounts, type MetricSummary, type SummarySection, summarizeSink } from './summary-data.ts';

/** Groups that k6 leaves out. */
const STAGES = ['setup', 'teardown'];

/** Collects the samples of a scenario or group for `--summary-mode=full`. */
class SectionData {
  readonly groups = new Map<string, SectionData>();
  readonly #checks = new Map<string, { name: string; passes: number; fails: number }>();
  readonly #sinks = new Map<Metric, Sink>();

  add({ metric, value, tags }: Sample): void {
    within(this.#sinks, metric, () => createSink(metric.type)).add(value);
    if (metric.name !== 'checks' || tags.check === undefined) return;
    const name = tags.check;
    within(this.#checks, name, () => ({ name, passes: 0, fails: 0 }))[value === 0 ? 'fails' : 'passes'] += 1;
  }

  group(name: string): SectionData {
    return within(this.groups, name, () => new SectionData());
  }

  summarize(trendStats: readonly string[], seconds: number): SummarySection {
    const metrics = [...this.#sinks].map(([metric, sink]): [string, MetricSummary] => [
      metric.name,
      summarizeSink(metric, sink, trendStats, seconds),
    ]);
    const checks: readonly CheckCounts[] = [...this.#checks.values()];
    return { checks, metrics: Object.fromEntries(metrics), groups: summarizeAll(this.groups, trendStats, seconds) };
  }
}

/** The groups outside scenarios with a name of their own, and these scenarios. */
export interface SummaryParts {
  readonly groups: ReadonlyMap<string, SummarySection>;
  readonly scenarios: ReadonlyMap<string, SummarySection>;
}

/** Receives all samples of a run for `--summary-mode=full`, and divides them by their tags `scenario` and `group`. */
export class SummarySections implements SampleOutput {
  readonly #total = new SectionData();
  readonly #scenarios = new Map<string, SectionData>();

  add(sample: Sample): void {
    const { scenario, group } = sample.tags;
    let section = this.#total;
    // The total results are the results of the scenario `default`.
    if (scenario !== undefined && scenario !== 'default') {
      section = within(this.#scenarios, scenario, () => new SectionData());
      section.add(sample);
    }
    const path = group?.startsWith(SEPARATOR) ? group.slice(SEPARATOR.length) : group;
    if (!path || STAGES.includes(path)) return;
    for (const name of path.split(SEPARATOR)) section = section.group(name);
    section.add(sample);
  }

  async close(): Promise<void> {}

  summarize(trendStats: readonly string[], seconds: number): SummaryParts {
    return {
      groups: summarizeAll(this.#total.groups, trendStats, seconds),
      scenarios: summarizeAll(this.#scenarios, trendStats, seconds),
    };
  }
}

const summarizeAll = (sections: ReadonlyMap<string, SectionData>, trendStats: readonly string[], seconds: number) =>
  new Map([...sections].map(([name, section]) => [name, section.summarize(trendStats, seconds)]));

function within<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const value = create();
  map.set(key, value);
  return value;
}
