import { expect, test } from 'vitest';
import { phaseTag } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { requestTable } from '../../../../harness/report/html/request-table.ts';
import type { Finding } from '../../../../harness/verdict/finding.ts';
import { begun, receipt, request } from '../../../support/history.ts';

/** Returns the cells of each row. */
function rowsOf(events: readonly HistoryEvent[], judged: readonly Finding['requests'][] = []): string[][] {
  const findings = judged.map(
    (requests): Finding => ({
      check: 'a check',
      expected: 'x',
      observed: 'y',
      verdict: 'FAIL',
      ...(requests && { requests }),
    }),
  );
  const table = requestTable(events, findings, 'chaos/a');
  const rows = (table ? table.text : '').split('<tbody>')[1]?.match(/<tr>.*?<\/tr>/g) ?? [];
  return rows.map((row) => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, text = '']) => text));
}

const of = (id: number) => ({ phase: phaseTag({ id }) });
const inPhase = (phase: string) => ({ endpoint: 'end', phase });

test('a request is listed with its time, phase, method, endpoint, status and duration', () => {
  const events = [
    begun(1, { action: 'steady' }, 0, 0),
    request(0, 1, 200, inPhase('1')),
    begun(2, { action: 'opening' }, 1_000, 0),
    request(1_500, 20.26, 0, inPhase('2')),
  ];
  expect(rowsOf(events)[1]).toEqual(['1.500', 'opening', 'GET', 'end', 'none', '20.3', '']);
});

test('requests to upstreams are counted from when a request is sent until its response', () => {
  const events = [
    request(1_000, 100, 200, inPhase('1')),
    receipt(1, 999, 1, 'groq'),
    receipt(2, 1_000, 10, 'groq'),
    receipt(3, 1_050, 10, 'groq'),
    receipt(4, 1_060, 10, 'mem0'),
    receipt(5, 1_101, 10, 'mem0'),
  ];
  expect(rowsOf(events)[0]?.at(-1)).toBe('2 × groq, 1 × mem0');
});

test('of many requests, the 20 most informative ones are listed in chronological order', () => {
  const served = Array.from({ length: 40 }, (_, n) => request(n * 10, 1, 200, inPhase('1')));
  const bad = [request(305, 1, 503, inPhase('1')), request(105, 1, 0, inPhase('1'))];
  const rows = rowsOf([...served, ...bad]);
  expect(rows).toHaveLength(20);
  expect(rows.map(([, , , , answer]) => answer)).toEqual(expect.arrayContaining(['none', '503']));
  expect(rows.map(([time]) => Number(time))).toEqual(rows.map(([time]) => Number(time)).toSorted((a, b) => a - b));
});

test.each<[string, Finding['requests'][], string[]]>([
  ['of one phase', [[of(1)]], ['below']],
  ['of several phases', [[of(1), of(3)]], ['below', 'closed']],
  ['of several checks', [[of(3)], undefined, [of(2)]], ['below again', 'closed']],
  ['with all tags of an entry', [[{ ...of(1), endpoint: 'another' }, of(3)]], ['closed']],
  ['of no phase that was entered', [[of(4)]], ['below', 'below again', 'closed']],
  ['that no check names', [undefined], ['below', 'below again', 'closed']],
])('lists the requests that the checks judged: those %s', (_, requests, expected) => {
  const events = (['below', 'below again', 'closed'] as const).flatMap((action, index) => [
    begun(index + 1, { action }, index * 10, 0),
    request(index * 10, 1, 200, inPhase(String(index + 1))),
  ]);
  expect(rowsOf(events, requests).map(([, phase]) => phase)).toEqual(expected);
});

test('there is no table without requests', () => {
  expect(requestTable([receipt(1, 0, 1, 'groq')], [], 'chaos/a')).toBe(false);
});
