import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSamples } from '../../../harness/engine/engine-samples.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const point = (metric: string, value: number, tags: Record<string, string>, time = '2026-11-24T10:00:00.123456789Z') =>
  JSON.stringify({ type: 'Point', metric, data: { time, value, tags } });

async function read(lines: string[], metrics: object = {}) {
  const folder = await temporaryFolder();
  const files = { samples: join(folder, 'samples.json'), summary: join(folder, 'summary.json') };
  await writeFile(files.samples, lines.join('\n'));
  await writeFile(files.summary, JSON.stringify({ metrics }));
  return Array.fromAsync(readSamples(files));
}

test('a request begins its duration before its sample, to the microsecond', async () => {
  const [request] = await read([point('http_req_duration', 23.456, { method: 'GET', name: 'x', status: '200' })]);
  expect(request).toMatchObject({ type: 'request', ms: 23.456, status: 200, method: 'GET', name: 'x' });
  expect(request?.at).toBeCloseTo(Date.UTC(2026, 10, 24, 10) + 123.456789 - 23.456, 2);
});

test('a request has the trace in the metadata of its samples', async () => {
  const traced = JSON.parse(point('http_req_duration', 1, { name: 'x', status: '200' }));
  traced.data.metadata = { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' };
  const requests = await read([JSON.stringify(traced), point('http_req_duration', 1, { name: 'y', status: '200' })]);
  expect(requests).toMatchObject([{ name: 'x', trace: '4bf92f3577b34da6a3ce929d0e0e4736' }, { name: 'y' }]);
  expect(requests[1]).not.toHaveProperty('trace');
});

const shown = (trace: string, answer: string) => {
  const sample = JSON.parse(point('answers', 1, { scenario: 'x' }));
  sample.data.metadata = { trace_id: trace, answer };
  return JSON.stringify(sample);
};
const ofTrace = (trace: string, status: string) => {
  const traced = JSON.parse(point('http_req_duration', 1, { name: 'x', status }));
  traced.data.metadata = { trace_id: trace };
  return JSON.stringify(traced);
};

test('what a response shows is part of its request, wherever its sample is', async () => {
  const answer = { parts: { text: '37:0-9' } };
  const events = await read([
    ofTrace('a', '200'),
    ofTrace('b', '200'),
    shown('b', JSON.stringify(answer)),
    point('words', 1, { about: '"answers"' }),
    shown('c', '{"parts":{}}'),
  ]);
  expect(events).toMatchObject([{ trace: 'a' }, { metric: 'words' }, { trace: 'b', answer }]);
  expect(events[0]).not.toHaveProperty('answer');
});

test('it is part of the last request if a redirect was followed', async () => {
  const events = await read([ofTrace('a', '302'), ofTrace('a', '200'), shown('a', '{"parts":{}}')]);
  expect(events.map((event) => 'answer' in event)).toEqual([false, true]);
});

test('what a response shows is ignored if it is damaged', async () => {
  const events = await read([ofTrace('a', '200'), shown('a', '{"parts'), shown('a', '{"parts":{}}').slice(0, -20)]);
  expect(events[0]).not.toHaveProperty('answer');
});

test('a request that took time to connect opened its connection', async () => {
  const of = (name: string, connecting: number, tags = {}) => [
    point('http_req_duration', 1, { name, status: '200', ...tags }),
    point('http_req_connecting', connecting, { name, ...tags }),
  ];
  const events = await read([
    ...of('new', 0.2),
    ...of('kept', 0),
    ...of('lab', 0.3, { lab: 'true' }),
    ...of('last', 0.1),
  ]);
  expect(events).toMatchObject([
    { name: 'new', opened: true },
    { name: 'kept', opened: false },
    { name: 'last', opened: true },
  ]);
});

test("omits requests to the lab and the engine's own metrics", async () => {
  const lines = [
    point('http_req_duration', 1, { lab: 'true' }),
    point('http_reqs', 1, {}),
    point('data_sent', 1, {}),
    point('vus', 1, {}),
    JSON.stringify({ type: 'Metric', metric: 'http_reqs', data: {} }),
  ];
  expect(await read(lines)).toEqual([]);
});

test("keeps the script's own metrics and dropped iterations", async () => {
  const [own, dropped] = await read([
    point('retry_after_seconds', 2, { limit: 'x' }),
    point('dropped_iterations', 3, {}),
  ]);
  expect(own).toMatchObject({ type: 'metric', metric: 'retry_after_seconds', value: 2, tags: { limit: 'x' } });
  expect(dropped).toMatchObject({ type: 'engine', event: 'dropped', iterations: 3 });
});

test('counts the samples of each threshold, including submetrics', async () => {
  const lines = [point('m', 1, { kind: 'a' }), point('m', 1, { kind: 'b' }), point('n', 1, {})];
  const thresholds = { 'rate==1': { ok: true } };
  const events = await read(lines, {
    m: { values: { rate: 1 }, thresholds },
    'm{kind:a}': { values: { rate: 1 }, thresholds },
    'm{kind:c}': { values: { rate: 0 }, thresholds },
  });
  const counted = events.flatMap((event) => (event.type === 'threshold' ? [[event.metric, event.samples]] : []));
  expect(counted).toEqual([
    ['m', 2],
    ['m{kind:a}', 1],
    ['m{kind:c}', 0],
  ]);
});

test("yields what the engine has counted of the script's metrics, except of a Gauge", async () => {
  const events = await read([], {
    sold: { type: 'counter', values: { count: 2.5, rate: 1 } },
    'sold{region:eu}': { type: 'counter', values: { count: 1, rate: 1 } },
    took: { type: 'trend', values: { avg: 1, count: 3 } },
    untold: { type: 'trend', values: { avg: 1 } },
    fine: { type: 'rate', values: { rate: 0.5, passes: 2, fails: 2 } },
    level: { type: 'gauge', values: { value: 1, min: 1, max: 1 } },
    data_sent: { type: 'counter', values: { count: 9, rate: 1 } },
  });
  expect(events).toMatchObject([
    { type: 'count', of: 'sum of samples', metric: 'sold', value: 2.5 },
    { type: 'count', of: 'samples', metric: 'took', value: 3 },
    { type: 'count', of: 'samples', metric: 'fine', value: 4 },
  ]);
});

test("a script's metric whose name begins like one of the engine's is kept", async () => {
  const names = ['vus_busy', 'checks_done', 'iterations_left', 'http_req_own', 'data_points'];
  const events = await read(names.map((name) => point(name, 1, {})));
  expect(events.map((event) => event.type === 'metric' && event.metric)).toEqual(names);
});

test('the number of samples is no statistic of a threshold', async () => {
  const thresholds = { 'avg<5': { ok: true } };
  const events = await read([], {
    took: { type: 'trend', values: { avg: 1, count: 3 }, thresholds },
    sold: { type: 'counter', values: { count: 3, rate: 1 }, thresholds },
  });
  expect(events.filter(({ type }) => type === 'threshold')).toMatchObject([
    { metric: 'took', values: { avg: 1 } },
    { metric: 'sold', values: { count: 3, rate: 1 } },
  ]);
  expect(events[0]).not.toHaveProperty('values.count');
});

test('counts the lines that are damaged', async () => {
  const events = await read([point('m', 1, {}), 'no JSON', '', point('m', 2, {})]);
  expect(events).toMatchObject([
    { type: 'metric', value: 1 },
    { type: 'metric', value: 2 },
    { type: 'count', of: 'unreadable samples', value: 2 },
  ]);
});

test('reads the samples of a killed engine up to the last complete line', async () => {
  const events = await read([point('m', 1, {}), '{"type":"Point","metric":"m","data":{"ti']);
  expect(events).toHaveLength(1);
});

test('an engine that left nothing has an empty history', async () => {
  const files = { samples: '/nowhere/samples.json', summary: '/nowhere/summary.json' };
  expect(await Array.fromAsync(readSamples(files))).toEqual([]);
});
