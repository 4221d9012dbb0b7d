import { count } from '../../base/in-words.ts';
import { ANSWERS, type CountEvent } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { TOO_LARGE } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, isServedWithout } from '../lib/checker.ts';
import { allCountedUpstreams } from '../lib/counted-upstreams.ts';

/**
 * Checks that independent counts agree: the history has as many requests and samples of the script's metrics as the
 * generator counted, and each served request reached the upstreams that the contract lists, except for optional ones.
 * If a response was too large to be read to its end, the record is incomplete as well. k6 does not count the samples of
 * a Gauge.
 *
 * Only the last count can differ because of the service. More receipts than requests are no contradiction, because a
 * service may retry, and k6 itself repeats a GET if a keep-alive connection was closed without a response.
 */
export const countsAgree: BuiltInChecker = {
  name: 'counts-agree',
  usually:
    'The generator was killed before it reported its totals, its file of samples is damaged, or a response was too large.',
  fix: 'Run the scenario again. If it happens again, lower the load or the number of scenarios at once. If a response was too large, let the service end it, or set K6_MAX_BODY_SIZE: see docs/engines.md.',
  noDefect: 'judges the record: it makes a run INCONCLUSIVE and never blames the service',
  cases: () => [{ check: 'requests counted', promises: [] }],
  judge: (history, facts) => [
    { ...judge('requests counted', ...requestsOf(history)), ...leftOut(history) },
    ...metricsOf(history),
    ...unreadOf(history),
    ...allCountedUpstreams(facts).flatMap((upstream) => served(history, facts, upstream)),
  ],
};

/** An incomplete record says nothing about the service, good or bad. */
function judge(check: string, expected: string, observed: string, agrees: boolean | undefined): Finding {
  const judged = { check, expected, observed };
  if (agrees === undefined) return { ...judged, verdict: 'INCONCLUSIVE' };
  return agrees ? { ...judged, verdict: 'PASS' } : { ...judged, verdict: 'INCONCLUSIVE', voids: 'everything' };
}

type Reconciled = [expected: string, observed: string, agrees: boolean | undefined];

function requestsOf(history: History): Reconciled {
  const [counted, seen] = [countOf(history, 'requests of the generator'), history.all('request').length];
  const expected = 'as many in the history as the generator counted';
  if (counted === undefined) return [expected, `${seen}; the generator reported no total`, undefined];
  return [expected, `${seen} of ${counted}`, seen === counted];
}

/** Reports the requests that no check uses. See history/tells.ts. */
function leftOut(history: History): Pick<Finding, 'evidence'> {
  const lost = history.sent({}).length - history.requests({}).length;
  return lost === 0
    ? {}
    : { evidence: [`${count(lost, 'request')} without an answer that prove nothing about the service`] };
}

/** Reports the responses whose bodies the embedded engine did not read to their end, by endpoint. */
function unreadOf(history: History): Finding[] {
  const unread = history.all('request').filter(({ tags }) => tags.error_code === TOO_LARGE);
  if (unread.length === 0) return [];
  const ofEach = Map.groupBy(unread, ({ method, name, tags }) => `${method} ${name}: ${tags.error}`);
  const [observed = '', ...others] = [...ofEach].map(([text, { length }]) => `${text}, ${count(length, 'time')}`);
  return [
    {
      check: 'responses read',
      expected: 'the body of each response, up to its end',
      observed,
      verdict: 'INCONCLUSIVE',
      voids: 'everything',
      lasting: true,
      evidence: [...others, 'if the service may send that much: K6_MAX_BODY_SIZE=64MiB, or more'],
      usually: 'The response never ends, or it is compressed and much larger when it is decompressed.',
    },
  ];
}

/** The largest relative difference between two sums of the same numbers in different orders. */
const ROUNDING = 1e-9;

/** Compares the samples of each metric with what the generator counted or added up. */
function metricsOf(history: History): Finding[] {
  const totals = history.all('count').filter(({ metric }) => metric !== undefined);
  const unread = countOf(history, 'unreadable samples') ?? 0;
  if (totals.length === 0 && unread === 0) return [];
  const samples = Map.groupBy(history.all('metric'), ({ metric }) => metric);
  const wrong = totals.flatMap(({ metric = '', of, value }) => {
    const found = samples.get(metric) ?? [];
    const answers = metric === ANSWERS ? history.all('request').filter(({ answer }) => answer !== undefined) : [];
    const sum = found.reduce((total, sample) => total + sample.value, answers.length);
    const seen = of === 'samples' ? found.length : sum;
    const agrees = Math.abs(seen - value) <= Math.abs(value) * ROUNDING;
    return agrees ? [] : `${metric}: ${of === 'samples' ? 'samples' : 'the sum of the samples'} ${seen} of ${value}`;
  });
  const damaged = unread === 0 ? [] : `${count(unread, 'line')} of the samples can't be read`;
  const [observed, ...evidence] = [damaged, wrong].flat();
  const expected = "as much of each of the script's metrics as the generator counted";
  const all = judge('metrics counted', expected, observed ?? count(totals.length, 'metric'), observed === undefined);
  return [{ ...all, ...(evidence.length > 0 && { evidence }) }];
}

const countOf = (history: History, what: CountEvent['of']): number | undefined =>
  history.all('count').find(({ of }) => of === what)?.value;

function served(history: History, facts: Facts, upstream: string): Finding[] {
  const calls = history.all('request').filter((call) => {
    const { endpoint = '' } = call.tags;
    const { reaches = [], answers } = facts.contract.endpoints[endpoint] ?? {};
    // A call that is answered from a promised cache reaches nothing.
    return (
      reaches.includes(upstream) &&
      !answers?.cache &&
      !isServedWithout(facts, endpoint, upstream) &&
      isServed(facts, call)
    );
  });
  const arrived = history.receipts('request', upstream).length;
  if (calls.length === 0) return [];
  const endpoints = [...new Set(calls.map(({ tags }) => tags.endpoint ?? ''))];
  return [
    {
      check: `served calls reached ${upstream}`,
      requests: endpoints.map((endpoint) => ({ endpoint })),
      expected: `at least one request for each of ${count(calls.length, 'served call')}`,
      observed: count(arrived, 'request'),
      verdict: arrived >= calls.length ? 'PASS' : 'INCONCLUSIVE',
    },
  ];
}
