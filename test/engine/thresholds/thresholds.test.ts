import { describe, expect, test } from 'vitest';
import { createSink, evaluateThreshold, type MetricType, parseThreshold } from '../../../engine/index.ts';
import { MetricRegistry } from '../../../engine/metrics/registry.ts';
import { ThresholdSet } from '../../../engine/thresholds/threshold-set.ts';

const sinkOf = (type: MetricType, ...values: number[]) => {
  const sink = createSink(type);
  for (const value of values) sink.add(value);
  return sink;
};
const holds = (expression: string, type: MetricType, ...values: number[]) =>
  evaluateThreshold(parseThreshold(expression), sinkOf(type, ...values), 10);
const option = (expression: string, given = {}) => ({ expression, abortOnFail: false, delayAbortEval: 0, ...given });

describe('the grammar', () => {
  test.each([
    ['count>0', 'count', '>', 0],
    ['count > 9', 'count', '>', 9],
    ['rate<=0.01', 'rate', '<=', 0.01],
    ['value===-3', 'value', '===', -3],
    ['p(95)<500', 'p(95)', '<', 500],
    ['p(9_9.9) != 1e3', 'p(99.9)', '!=', 1000],
    ['p(1e1)<1_000', 'p(10)', '<', 1000],
    ['avg< .5', 'avg', '<', 0.5],
    ['count<+Inf', 'count', '<', Number.POSITIVE_INFINITY],
    ['rate>NaN', 'rate', '>', Number.NaN],
    ['p<10', 'p(0)', '<', 10],
    ['med==5.5', 'med', '==', 5.5],
  ])('parses %s', (expression, aggregation, operator, value) => {
    expect(parseThreshold(expression)).toEqual({ expression, aggregation, operator, value });
  });

  test.each([
    'count is 3',
    '',
    'p95<1',
    'count>',
    'count>0 && rate<1',
    'mean<1',
    'p()<1',
    'P(95)<1',
    'p( 95 )<1',
    'p(101)<1',
    'p(NaN)<1',
    'count>1e400',
    'count>1__0',
    'count=1',
  ])('rejects %j', (expression) => {
    expect(() => parseThreshold(expression)).toThrow(
      expect.objectContaining({ code: 'INVALID_THRESHOLD', exitCode: 104 }),
    );
  });
});

describe('evaluation', () => {
  test("divides a Counter by the test's duration for its rate", () => {
    expect(holds('rate==2', 'counter', 5, 15)).toBe(true);
    expect(holds('rate>2', 'counter', 5, 15)).toBe(false);
  });

  test('uses the latest value of a Gauge', () => {
    expect(holds('value==1', 'gauge', 7, 1)).toBe(true);
    expect(holds('value>1', 'gauge', 7, 1)).toBe(false);
  });

  test('without samples passes for a Rate, and judges any other metric as 0', () => {
    expect(holds('rate>0.99', 'rate')).toBe(true);
    expect(holds('p(95)<100', 'trend')).toBe(true);
    expect(holds('p(95)>100', 'trend')).toBe(false);
    expect(holds('count>0', 'counter')).toBe(false);
    expect(holds('value==0', 'gauge')).toBe(true);
  });
});

describe('a set of thresholds', () => {
  const registry = () => {
    const metrics = new MetricRegistry();
    metrics.declare('errors', 'counter');
    return metrics;
  };

  test('lists the metrics with a crossed threshold, in order', () => {
    const metrics = registry();
    metrics.declare('another', 'counter');
    const set = new ThresholdSet(
      { errors: [option('count>0')], another: [option('count>0'), option('count<5')] },
      metrics,
    );
    expect(set.evaluate(0)).toEqual({ crossed: ['another', 'errors'], abort: false });
    expect(set.resultsOf('another')).toEqual({ 'count>0': false, 'count<5': true });
  });

  test('aborts only for abortOnFail, and not before the delay has passed', () => {
    const set = new ThresholdSet(
      { errors: [option('count>0', { abortOnFail: true, delayAbortEval: 1_000 })] },
      registry(),
    );
    expect(set.evaluate(999).abort).toBe(false);
    expect(set.evaluate(1_000).abort).toBe(true);
  });

  test('rejects an undeclared metric, and an aggregation that its type lacks', () => {
    expect(() => new ThresholdSet({ unknown: [option('count>0')] }, registry())).toThrow(
      'no metric name "unknown" found',
    );
    expect(() => new ThresholdSet({ errors: [option('p(95)<1')] }, registry())).toThrow(
      'unsupported aggregation method p on metric of type counter',
    );
  });

  test('creates the submetrics that it names', () => {
    const metrics = registry();
    new ThresholdSet({ 'errors{kind:a}': [option('count>0')] }, metrics);
    expect(metrics.get('errors')?.submetrics.map(({ name, tags }) => [name, tags])).toEqual([
      ['errors{kind:a}', { kind: 'a' }],
    ]);
  });

  test('judges thresholds on the same tags together', () => {
    const metrics = registry();
    const set = new ThresholdSet(
      { 'errors{kind:a}': [option('count>0')], "errors{ kind: 'a' }": [option('count<5')] },
      metrics,
    );
    expect(metrics.get('errors')?.submetrics).toHaveLength(1);
    set.evaluate(0);
    expect(set.resultsOf('errors{kind:a}')).toEqual({ 'count>0': false, 'count<5': true });
  });

  test.each([
    'errors{}',
    'errors{kind}',
    'errors{kind:}',
    'errors{kind:a,}',
    'errors{kind:a',
    'errors}',
    'errors{kind:a}x',
  ])('rejects %s', (selector) => {
    expect(() => new ThresholdSet({ [selector]: [option('count>0')] }, registry())).toThrow(
      expect.objectContaining({ code: 'INVALID_THRESHOLD', exitCode: 104 }),
    );
  });
});
