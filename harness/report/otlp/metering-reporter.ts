import type { Meter } from '@opentelemetry/api';
import { secrets } from '../../base/secrets.ts';
import type { RequestSample } from '../../history/events.ts';
import type { Reporter } from '../reporters/reporter.ts';

/** Upper bounds of the histogram's buckets, in seconds. Those of OpenTelemetry for HTTP, and two for long faults. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

/**
 * Returns a reporter that also measures a run: the durations of requests, those that failed, checks and scenarios. All
 * have the scenario's name, and requests those of the endpoint and the phase as well.
 */
export function meteringReporter(reporter: Reporter, meter: Meter): Reporter {
  const durations = meter.createHistogram('proofload.request.duration', {
    description: "Durations of a scenario's requests.",
    unit: 's',
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  const failures = meter.createCounter('proofload.request.failures', {
    description: 'Requests without a response, or with a status from 500.',
    unit: '{request}',
  });
  const checks = meter.createCounter('proofload.checks', { description: 'Checks, by verdict.', unit: '{check}' });
  const scenarios = meter.createCounter('proofload.scenarios', {
    description: 'Scenarios, by verdict.',
    unit: '{scenario}',
  });
  const measure = (
    scenario: string,
    { ms, method, name, status, tags }: RequestSample,
    titles: ReadonlyMap<string, string>,
  ): void => {
    const { endpoint = name } = tags;
    const phase = titles.get(tags.phase ?? '') ?? tags.phase;
    const attributes = {
      'proofload.scenario': scenario,
      // By default, k6 names a request by its URL.
      'proofload.endpoint': secrets.redact(endpoint),
      ...(phase !== undefined && { 'proofload.phase': phase }),
      'http.request.method': method,
      ...(status > 0 && { 'http.response.status_code': status }),
    };
    durations.record(ms / 1_000, attributes);
    if (status === 0 || status >= 500) failures.add(1, attributes);
  };
  return {
    ...reporter,
    scenarioBegins(announced) {
      const watcher = reporter.scenarioBegins(announced);
      const titles = new Map<string, string>();
      return {
        see(event) {
          if (event.type === 'phase') titles.set(String(event.id), event.title);
          watcher.see(event);
        },
        request(sample) {
          measure(announced.scenario, sample, titles);
          watcher.request?.(sample);
        },
        ended: () => watcher.ended(),
      };
    },
    scenarioEnds(result) {
      const of = { 'proofload.scenario': result.scenario };
      scenarios.add(1, { ...of, 'proofload.verdict': result.verdict });
      for (const { verdict } of result.findings) checks.add(1, { ...of, 'proofload.verdict': verdict });
      reporter.scenarioEnds(result);
    },
  };
}
