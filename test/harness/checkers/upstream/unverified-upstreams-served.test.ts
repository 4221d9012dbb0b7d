import { expect, test } from 'vitest';
import { unverifiedUpstreamsServed } from '../../../../harness/checkers/upstream/unverified-upstreams-served.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, STRAY } from '../../../support/history.ts';

const UNVERIFIED = {
  action: 'unverified',
  upstream: 'groq',
  certificate: 'self-signed',
  endpoint: 'conversation-end',
} as const;

function judged(status: number | undefined, arrived: number) {
  const tags = { phase: '1', endpoint: 'conversation-end' };
  return unverifiedUpstreamsServed.judge(
    new History([
      STRAY,
      begun(1, UNVERIFIED, 0, 0),
      ...(status === undefined ? [] : [request(10, 5, status, tags)]),
      ...Array.from({ length: arrived }, (_, index) => receipt(index + 1, 12, 1, 'groq')),
      begun(2, { action: 'end' }, 100, arrived),
    ]),
    facts(),
  );
}

test.each([
  ['a call that is served', 201, 1, 'PASS', '1 request arrived; 1 × 201'],
  ['a refused certificate', 502, 0, 'FAIL', '0 requests arrived; 1 × 502'],
  ['a call without an answer', 0, 1, 'FAIL', '1 request arrived; 1 × no answer'],
  ['a call that is served without the upstream', 201, 0, 'INCONCLUSIVE', '0 requests arrived; 1 × 201'],
  ['no call', undefined, 0, 'INCONCLUSIVE', '0 requests arrived; none'],
])('judges %s', (_, status, arrived, verdict, observed) => {
  const check = 'serves without verification: groq self-signed, conversation-end';
  expect(judged(status, arrived)).toMatchObject([{ check, observed, verdict }]);
});
