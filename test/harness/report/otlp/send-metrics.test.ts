import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../../../harness/base/listen.ts';
import { sendMetrics } from '../../../../harness/report/otlp/send-metrics.ts';
import { type Reporter, SILENT } from '../../../../harness/report/reporters/reporter.ts';
import { request } from '../../../support/history.ts';
import { HANG_MS } from '../../../support/limits.ts';
import { finding, scenarioResult } from '../../../support/run-result.ts';

interface Point {
  attributes: { key: string; value: Record<string, unknown> }[];
  asDouble?: number;
  asInt?: number;
  count?: number;
  sum?: number;
}

interface Metric {
  name: string;
  unit: string;
  sum?: { dataPoints: Point[] };
  histogram?: { dataPoints: Point[] };
}

/** Starts a collector. `metrics` are those of the last request, by name. */
async function startCollector(status = 200) {
  const received: { path: string | undefined; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = await listen(async (incoming, response) => {
    received.push({ path: incoming.url, headers: incoming.headers, body: await text(incoming) });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const parse = () => JSON.parse(received.at(-1)?.body ?? '{}').resourceMetrics[0];
  return {
    url: server.url,
    received,
    resource: (): Point['attributes'] => parse().resource.attributes,
    metrics: (): Metric[] => parse().scopeMetrics[0].metrics,
  };
}

/** Returns a metric's points as `attributes: value`. */
function pointsOf(metrics: Metric[], name: string): string[] {
  const { sum, histogram } = metrics.find((metric) => metric.name === name) ?? {};
  return [...(sum?.dataPoints ?? []), ...(histogram?.dataPoints ?? [])].map(({ attributes, ...point }) => {
    const shown = attributes.map(({ key, value }) => `${key.split('.').at(-1)}=${Object.values(value)[0]}`);
    return `${shown.join(' ')}: ${point.count ?? point.asDouble ?? point.asInt}`;
  });
}

/** Reports a scenario with four requests, of which two failed, and with two checks. */
function reportOn(reporter: Reporter): void {
  const watcher = reporter.scenarioBegins({ scenario: 'chaos/a', breakers: [] });
  for (const status of [200, 404, 503, 0]) {
    watcher.request?.(request(0, 250, status, { endpoint: 'ask', phase: 'open' }));
  }
  watcher.ended();
  reporter.scenarioEnds(scenarioResult('chaos/a', [finding('x', 'PASS'), finding('y', 'FAIL')]));
}

test('a run sends its requests, failures, checks and scenarios', async () => {
  const collector = await startCollector();
  {
    await using reporter = await sendMetrics(`${collector.url}/`, SILENT);
    reportOn(reporter);
  }
  expect(collector.received.map(({ path }) => path)).toEqual(['/v1/metrics']);
  const metrics = collector.metrics();
  const ask = 'scenario=chaos/a endpoint=ask phase=open method=GET';
  expect(pointsOf(metrics, 'proofload.request.duration')).toEqual([
    `${ask} status_code=200: 1`,
    `${ask} status_code=404: 1`,
    `${ask} status_code=503: 1`,
    `${ask}: 1`,
  ]);
  expect(metrics.find(({ name }) => name === 'proofload.request.duration')).toMatchObject({
    unit: 's',
    histogram: { dataPoints: Array.from({ length: 4 }, () => ({ sum: 0.25 })) },
  });
  expect(pointsOf(metrics, 'proofload.request.failures')).toEqual([`${ask} status_code=503: 1`, `${ask}: 1`]);
  expect(pointsOf(metrics, 'proofload.checks')).toEqual([
    'scenario=chaos/a verdict=PASS: 1',
    'scenario=chaos/a verdict=FAIL: 1',
  ]);
  expect(pointsOf(metrics, 'proofload.scenarios')).toEqual(['scenario=chaos/a verdict=FAIL: 1']);
});

test('the source and the headers are those of the usual variables', async () => {
  const collector = await startCollector();
  process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-tenant=acme';
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=ci';
  onTestFinished(() => {
    delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
    delete process.env.OTEL_RESOURCE_ATTRIBUTES;
  });
  {
    await using reporter = await sendMetrics(collector.url, SILENT);
    reportOn(reporter);
  }
  expect(collector.received[0]?.headers).toMatchObject({ 'x-tenant': 'acme' });
  const shown = collector.resource().map(({ key, value }) => `${key}=${value.stringValue}`);
  expect(shown).toEqual(expect.arrayContaining(['service.name=proofload', 'deployment.environment.name=ci']));
});

test('the reporter itself still receives everything', async () => {
  const collector = await startCollector();
  const seen: string[] = [];
  const inner: Reporter = {
    ...SILENT,
    step: (step) => seen.push(step),
    scenarioBegins: ({ scenario }) => ({
      see: ({ type }) => seen.push(type),
      request: ({ status }) => seen.push(`${scenario} ${status}`),
      ended: () => seen.push('ended'),
    }),
    scenarioEnds: ({ verdict }) => seen.push(verdict),
  };
  await using reporter = await sendMetrics(collector.url, inner);
  reporter.step('begins');
  reportOn(reporter);
  expect(seen).toEqual(['begins', 'chaos/a 200', 'chaos/a 404', 'chaos/a 503', 'chaos/a 0', 'ended', 'FAIL']);
});

test('a collector that refuses again and again is noted once', async () => {
  const collector = await startCollector(400);
  const notes: string[] = [];
  const reporter = await sendMetrics(
    collector.url,
    { ...SILENT, note: (note) => notes.push(note) },
    { intervalMs: 50, timeoutMs: 50 },
  );
  reportOn(reporter);
  await vi.waitUntil(() => collector.received.length > 2, { timeout: HANG_MS });
  await reporter[Symbol.asyncDispose]();
  expect(notes).toHaveLength(1);
});

test.each([
  ['is down', async () => 'http://127.0.0.1:1'],
  ['refuses metrics', async () => (await startCollector(400)).url],
])('if the collector %s, the run prints one note and ends', async (_, start) => {
  const notes: string[] = [];
  const url = await start();
  {
    await using reporter = await sendMetrics(url, { ...SILENT, note: (note) => notes.push(note) });
    reportOn(reporter);
  }
  expect(notes).toEqual([expect.stringMatching(new RegExp(`^--otlp: ${url} did not accept the metrics \\(.+\\)`))]);
});
