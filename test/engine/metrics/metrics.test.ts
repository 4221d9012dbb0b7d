import { describe, expect, test } from 'vitest';
import { GoError } from '../../../engine/base/errors.ts';
import { Collector } from '../../../engine/metrics/collector.ts';
import { MetricRegistry } from '../../../engine/metrics/registry.ts';
import { parseMetricSelector } from '../../../engine/metrics/submetric.ts';
import { type Tags, toTags } from '../../../engine/metrics/tags.ts';
import { percentile } from '../../../engine/metrics/trend-sink.ts';

describe('percentile', () => {
  test.each([
    [[], 95, 0],
    [[42], 0, 42],
    [[42], 99.9, 42],
    [[10, 20], 50, 15],
    [[10, 20], 90, 19],
    [[1, 2, 3, 4, 5], 25, 2],
    [[1, 2, 3, 4], 100, 4],
  ])('of %j at %d is %d', (sorted, percent, expected) => {
    expect(percentile(sorted, percent)).toBeCloseTo(expected, 9);
  });
});

describe('a metric selector', () => {
  test.each([
    ['http_reqs', 'http_reqs', {}],
    ['http_reqs{status:200}', 'http_reqs', { status: '200' }],
    ['a{x:1, y:2}', 'a', { x: '1', y: '2' }],
    ['things{group:::outer::inner}', 'things', { group: '::outer::inner' }],
    ['http_reqs{name:${}/delay/${}}', 'http_reqs', { name: '${}/delay/${}' }],
    ['a{"x":"1"}', 'a', { x: '1' }],
  ])('%s', (selector, metric, tags) => {
    expect(parseMetricSelector(selector)).toEqual({ metric, tags });
  });
});

describe('samples', () => {
  test('are added to the submetrics whose tags they match', () => {
    const registry = new MetricRegistry();
    const metric = registry.declare('orders', 'counter');
    const [eu, bulk] = [registry.select('orders{region:eu}'), registry.select('orders{region:eu,kind:bulk}')];
    const collector = new Collector();
    const heard: [number, object][] = [];
    collector.listen(({ value, tags }) => heard.push([value, tags]));
    const samples: [number, Tags][] = [
      [1, { region: 'us' }],
      [2, { region: 'eu', kind: 'single' }],
      [4, { region: 'eu', kind: 'bulk', more: 'x' }],
    ];
    for (const [value, tags] of samples) collector.add(metric, value, tags);
    for (const [value, tags] of samples) collector.record(collector.series(metric, tags), 10 * value);
    expect([metric, eu, bulk].map((source) => source?.sink.aggregate('count', 1))).toEqual([77, 66, 44]);
    expect(heard).toEqual([...samples, ...samples.map(([value, tags]) => [10 * value, tags])]);
  });

  test('of a Rate count as passes unless they are 0', () => {
    const sink = new MetricRegistry().declare('aa', 'rate').sink;
    for (const value of [0, 1, 2, -1]) sink.add(value);
    expect(['rate', 'passes', 'fails'].map((name) => sink.aggregate(name, 1))).toEqual([0.75, 3, 1]);
  });

  test('of a Trend are sorted on demand', () => {
    const sink = new MetricRegistry().declare('aa', 'trend').sink;
    for (const value of [3, 1, 10]) sink.add(value);
    expect(['min', 'max', 'med', 'count', 'p(5_0)', 'p(1e2)'].map((name) => sink.aggregate(name, 1))).toEqual([
      1, 10, 3, 3, 3, 10,
    ]);
    sink.add(0);
    expect(sink.aggregate('min', 1)).toBe(0);
    expect(sink.aggregate('value', 1)).toBeUndefined();
  });
});

describe('a registry', () => {
  test('returns the same metric for the same name and type', () => {
    const registry = new MetricRegistry();
    expect(registry.declare('aa', 'counter')).toBe(registry.declare('aa', 'counter'));
    expect(() => registry.declare('aa', 'gauge')).toThrow(
      "metric 'aa' already exists but with type counter, instead of gauge",
    );
  });

  test.each(['has space', '9lives', '', 'a', '_', 'ümlaut', 'x'.repeat(130)])('rejects the name %j', (name) => {
    expect(() => new MetricRegistry().declare(name, 'counter')).toThrow('Invalid metric name');
  });

  test.each(['ab', '_1', 'x'.repeat(129)])('accepts the name %j', (name) => {
    expect(new MetricRegistry().declare(name, 'counter').name).toBe(name);
  });
});

describe('tags', () => {
  test('are made from strings, numbers and booleans only', () => {
    expect(toTags({ a: 1, b: true, c: 'x' })).toEqual({ a: '1', b: 'true', c: 'x' });
    expect(() => toTags({ a: {} })).toThrow(GoError);
  });
});
