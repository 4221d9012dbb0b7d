import { expect, test } from 'vitest';
import { readAfterWrite } from '../../../../harness/checkers/pool/read-after-write.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request } from '../../../support/history.ts';

const READ = 'conversation-read';

/**
 * The statuses of the reads before and after, of the writes, of the read of another row, and of the read while only that
 * row was stored.
 */
function judge(before: number, after: number[], written: number[], control: number, beside: number[] = []) {
  const called = (about: string, endpoint: string, statuses: number[]) =>
    statuses.map((status, index) => request(index, 5, status, { phase: '1', about, endpoint }));
  return readAfterWrite(
    new History([
      begun(1, { action: 'read after write', endpoint: READ }, 0, 0),
      ...called('before', READ, [before]),
      ...called('longer key stored', READ, beside),
      ...called('written', 'conversation-end', written),
      ...called('after', READ, after),
      ...called('control', READ, [control]),
    ]),
    facts(),
  );
}

test.each([
  ['PASS', 'at once', judge(404, [200], [201, 201], 200)],
  ['PASS', 'after a moment', judge(404, [404, 404, 200], [201, 201], 200)],
  ['FAIL', 'never', judge(404, [404, 404, 404], [201, 201], 200)],
  ['FAIL', 'never, until a limit is reached', judge(404, [404, 404, 429], [201, 201], 200)],
])('%s if a row is shown %s', (verdict, _, findings) => {
  expect(findings).toMatchObject([{ check: 'shows what is stored: conversation-read', verdict }]);
});

test.each([
  ['a row is never shown', judge(404, [404], [201, 201], 404)],
  ['missing rows are served as well', judge(200, [200], [201, 201], 200)],
  ['the caller may not read', judge(403, [403], [201, 201], 200)],
  ['the limit is reached', judge(429, [429], [201, 201], 200)],
  ['a row was not acknowledged', judge(404, [404], [503, 201], 200)],
  ['only errors came later', judge(404, [429, 429], [201, 201], 200)],
  ['nothing was called', readAfterWrite(new History(), facts())],
])('judges nothing if %s', (_, findings) => {
  expect(findings).toEqual([]);
});

test('says what the read of another row got', () => {
  expect(judge(404, [404], [201, 201], 200)).toMatchObject([
    {
      expected: '200 after the row is stored, although the read before got 404',
      observed: '1 × 404',
      evidence: ['a row that was not read before it was stored: 200'],
      usually: expect.stringMatching(/is cached/),
    },
  ]);
});

test.each([
  ['PASS', 'not found', 404],
  ['FAIL', 'found', 200],
])('%s if a row is %s by the beginning of its key', (verdict, _, beside) => {
  const [found, shown] = judge(404, [200], [201, 201], 200, [beside]);
  expect(found).toMatchObject({
    check: 'finds rows by their whole key: conversation-read',
    requests: [{ phase: '1', about: 'longer key stored' }],
    expected: '404 for a key that is not stored, although a stored key begins with it',
    observed: String(beside),
    verdict,
    ...(verdict === 'FAIL' && { usually: expect.stringMatching(/^A row is found by the beginning of its key/) }),
  });
  expect(shown?.verdict).toBe('PASS');
});

test('says nothing of keys if a limit refused the read', () => {
  expect(judge(404, [200], [201, 201], 200, [429])).toHaveLength(1);
});
