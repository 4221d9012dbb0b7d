import { expect, test } from 'vitest';
import { notServedWithoutDatabase } from '../../../../harness/checkers/pool/not-served-without-database.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request } from '../../../support/history.ts';

const OUTAGE = { action: 'database outage', fault: 'stop' } as const;
const READ = 'conversation-read';
const WRITE = 'conversation-end';

/** The facts if the endpoint that writes needs the database as well, or can do without it. */
const factsWith = (fields: {
  servedWithout?: string[];
  answers?: { cache: { perCaller: boolean; seconds: number } };
}) => {
  const { contract, proof, ...rest } = facts();
  const endpoint = { ...contract.endpoints[WRITE], reaches: ['database', 'groq'], ...fields };
  const endpoints = { ...contract.endpoints, [WRITE]: endpoint } as typeof contract.endpoints;
  return { ...rest, proof: { ...proof, plan: [OUTAGE] }, contract: { ...contract, endpoints } };
};

/** The statuses of an endpoint's calls that lie within an outage. */
const calls = (endpoint: string, statuses: readonly number[], tags: Record<string, string> = { down: 'database' }) =>
  statuses.map((status, index) => request(10 + index, 5, status, { phase: '1', about: 'during', endpoint, ...tags }));

const judged = (events: ReturnType<typeof calls>, known = factsWith({})) =>
  notServedWithoutDatabase.judge(new History([begun(1, OUTAGE, 0, 0), ...events]), known);

test('the endpoint of the pool, and those that reach the database, must not be served without it', () => {
  expect(judged([...calls(WRITE, [503, 503]), ...calls(READ, [503])])).toMatchObject([
    {
      check: 'without the database: conversation-end',
      requests: [{ phase: '1', about: 'during', down: 'database', endpoint: WRITE }],
      expected: 'not served while the database is away',
      observed: '2 calls: 2 × 503',
      verdict: 'PASS',
    },
    { check: 'without the database: conversation-read', verdict: 'PASS' },
  ]);
  expect(judged([...calls(WRITE, [503, 201]), ...calls(READ, [404])])).toMatchObject([
    { observed: '2 calls: 1 × 503, 1 × 201 (outage stop)', verdict: 'FAIL' },
    { observed: '1 call: 1 × 404 (outage stop)', verdict: 'FAIL' },
  ]);
});

test('an endpoint that can do without the database must be served', () => {
  const optional = factsWith({ servedWithout: ['database'] });
  expect(judged(calls(WRITE, [201, 201]), optional)[0]).toMatchObject({ verdict: 'PASS' });
  expect(judged(calls(WRITE, [201, 503]), optional)[0]).toMatchObject({
    expected: 'served, as the database is optional',
    verdict: 'FAIL',
  });
});

test('calls that do not lie within an outage show nothing', () => {
  expect(judged(calls(READ, [404], {}))).toMatchObject([
    { observed: 'not called', verdict: 'INCONCLUSIVE' },
    { observed: 'not called', verdict: 'INCONCLUSIVE' },
  ]);
});

test('an endpoint with a cache may be served from it', () => {
  const cached = factsWith({ answers: { cache: { perCaller: true, seconds: 60 } } });
  expect(judged(calls(WRITE, [201]), cached).map(({ check }) => check)).toEqual([
    'without the database: conversation-read',
  ]);
});

test('names the promise that each endpoint makes', () => {
  const promisesWith = (fields: Parameters<typeof factsWith>[0]) =>
    notServedWithoutDatabase.cases?.(factsWith(fields))?.flatMap(({ promises }) => promises);
  expect(promisesWith({})).toEqual([
    ['endpoints', WRITE, 'reaches'],
    ['endpoints', READ, 'served'],
  ]);
  expect(promisesWith({ servedWithout: ['database'] })?.[0]).toEqual(['endpoints', WRITE, 'servedWithout']);
});
