import { expect, test } from 'vitest';
import { calledHostsKnown } from '../../../../harness/checkers/foundation/called-hosts-known.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { Receipt, StrayReceipt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, receipt, request, T0 } from '../../../support/history.ts';

const stray = (seq: number, upstream: string, why: StrayReceipt['why'] = 'unknown-host'): StrayReceipt => ({
  type: 'receipt',
  kind: 'stray',
  seq,
  upstream,
  at: T0 + seq * 500,
  why,
});

const behindProxy = (fields: Partial<Facts['contract']> = {}): Facts => ({
  ...facts(),
  contract: { ...facts().contract, upstreams: { llm: { via: 'proxy' }, crm: {} }, ...fields },
});

const judge = (receipts: Receipt[], fields = {}) =>
  calledHostsKnown.judge(new History([request(0, 5, 200, {}), ...receipts]), behindProxy(fields));

test('a host that no upstream is voids the record, with what to add to the contract', () => {
  const found = judge([receipt(1, 0, 5, 'llm'), stray(2, 'telemetry.example:443'), stray(3, 'telemetry.example:443')]);
  expect(found).toEqual([
    {
      check: 'called hosts known',
      expected: 'every called host is an upstream, or in `ignoredHosts`',
      observed: 'the service calls telemetry.example:443, which no upstream of the contract is',
      verdict: 'INCONCLUSIVE',
      evidence: [
        'telemetry.example:443: 2 calls refused, the first 1.0 s after the first request; ' +
          'declare an upstream with `via: proxy` and `host: telemetry.example`, or add the host to `ignoredHosts`',
      ],
      voids: 'everything',
      lasting: true,
    },
  ]);
});

test('the API of a known provider: the upstream to declare', () => {
  expect(judge([stray(1, 'api.openai.com:443')])).toMatchObject([
    {
      verdict: 'INCONCLUSIVE',
      evidence: [
        'api.openai.com:443: 1 call refused, the first 0.5 s after the first request; ' +
          'declare an upstream { kind: openai, via: proxy }, or add the host to `ignoredHosts`',
      ],
    },
  ]);
});

test('calls before the first request are called so', () => {
  expect(judge([{ ...stray(1, 'telemetry.example:443'), at: T0 - 500 }])).toMatchObject([
    { evidence: [expect.stringContaining('1 call refused, the first before the first request; ')] },
  ]);
});

test('the lab itself: an exception from the proxy', () => {
  expect(judge([stray(1, '127.0.0.1:40123')])).toMatchObject([
    { evidence: [expect.stringContaining('; add NO_PROXY: 127.0.0.1,localhost to `environment`')] },
  ]);
});

test('a client that leaves TLS to the proxy: its agent', () => {
  const [found] = judge([stray(1, 'api.groq.com:443', 'no-tunnel')], { ignoredHosts: ['api.groq.com'] });
  expect(found).toMatchObject({
    observed: 'the service sends requests to https://api.groq.com:443 through the proxy without CONNECT',
    verdict: 'INCONCLUSIVE',
    usually: expect.stringContaining('https-proxy-agent'),
  });
});

test('ignored hosts are counted', () => {
  const receipts = [receipt(1, 0, 5, 'llm'), stray(2, 'a.telemetry.example:443'), stray(3, 'feature.flags:80')];
  expect(judge(receipts, { ignoredHosts: ['*.telemetry.example', 'feature.flags'] })).toMatchObject([
    { observed: '1 request to llm, 2 calls to ignored hosts, none to others', verdict: 'PASS' },
  ]);
  expect(judge(receipts, { ignoredHosts: ['telemetry.example', '*.flags'] })).toMatchObject([
    { observed: 'the service calls a.telemetry.example:443, which no upstream of the contract is' },
  ]);
});

test('without any request, only a record with an end shows that nothing was wrong', () => {
  expect(judge([])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judge([receipt(1, 0, 5, 'crm')])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  const ended = new History([{ type: 'end', at: T0, series: [] }]);
  expect(calledHostsKnown.judge(ended, behindProxy())).toMatchObject([{ verdict: 'PASS' }]);
});

test('there is nothing to judge if no upstream is called through the proxy', () => {
  const direct = behindProxy({ upstreams: { llm: {} } });
  expect(calledHostsKnown.cases?.(direct)).toEqual([]);
  expect(calledHostsKnown.cases?.(behindProxy())).toEqual([{ check: 'called hosts known', promises: [] }]);
});
