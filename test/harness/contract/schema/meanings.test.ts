import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { contractSchema } from '../../../../harness/contract/contract.ts';
import { endpoint } from '../../../../harness/contract/schema/endpoint.ts';

const parsed = (answers: object) => endpoint.safeParse({ method: 'GET', path: '/', ...answers });
const read = (answers: object) => endpoint.parse({ method: 'GET', path: '/', ...answers });
const problems = (answers: object) =>
  parsed(answers).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

test('a list of statuses stays as it is, without meanings', () => {
  expect(read({ served: [200, 404] })).toMatchObject({ served: [200, 404] });
  expect(read({ served: [200] })).not.toHaveProperty('meanings');
  expect(read({ served: [200] })).not.toHaveProperty('refused');
  expect(read({ served: { status: 200 } })).not.toHaveProperty('meanings');
});

test('conditions become meanings, refusals first', () => {
  const { served, meanings } = read({
    served: [{ status: 200, without: 'errors' }, 201],
    refused: { 429: { status: 200, has: 'errors.0.code', equals: 'BUSY' }, 503: [{ status: 420 }] },
  });
  expect(served).toEqual([200, 201]);
  expect(meanings).toEqual([
    { status: 200, means: 429, has: 'errors.0.code', equals: ['BUSY'] },
    { status: 420, means: 503 },
    { status: 200, means: 200, without: 'errors' },
  ]);
});

test('other values are refused, with an example', () => {
  const expected =
    'served: must be a list of statuses such as [200], or a status with a condition such as { status: 200, without: errors }';
  expect(problems({ served: [] })).toHaveLength(1);
  expect(problems({ served: { status: 200, witout: 'errors' } })).toEqual(['served: Unrecognized key: "witout"']);
  for (const served of [200, ['200'], { without: 'errors' }]) {
    expect(problems({ served })).toEqual([expected]);
  }
});

test('conditions that contradict each other are refused', () => {
  const limited = { status: 200, has: 'errors.0.code', equals: 'BUSY' };
  expect(problems({ served: [200, { status: 200, without: 'errors' }] })).toEqual([
    'served: 200 is served with and without a condition; remove one of them',
  ]);
  expect(problems({ served: [200], refused: { 429: limited } })).toEqual([
    'refused.429: `served` has 200 without a condition, so that other errors count as served; write served: { status: 200, without: errors }',
  ]);
  expect(problems({ served: { status: 200, without: 'errors' }, refused: { 429: { status: 200 } } })).toEqual([
    'refused.429: needs a condition (has, without or header), because 200 can also be served',
  ]);
  expect(problems({ served: [404], refused: { 404: { status: 200 } } })).toEqual([
    'refused.404: 404 is also in `served`; remove one of them',
  ]);
});

test('a value without a field, a path with a gap and a success that is refused are refused', () => {
  const served = { status: 200, without: 'errors' };
  const refused = (condition: object, status = '429') => problems({ served, refused: { [status]: condition } });
  expect(refused({ status: 200, equals: 'BUSY' })?.join()).toContain('needs either `has` or `header`');
  expect(refused({ status: 200, has: 'a', header: 'b', equals: 'c' })?.join()).toContain('needs either');
  expect(refused({ status: 200, has: 'errors..code' })?.join()).toContain('names separated by dots');
  expect(refused({ status: 200, has: 'errors' }, '200')?.join()).toContain('refused.200');
});

test('the contracts in the documentation are valid, and describe refusals', async () => {
  const page = await readFile('docs/how-to/errors-in-the-body.md', 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => parse(block));
  expect(blocks).toHaveLength(3);
  for (const block of blocks) {
    const contract = contractSchema.parse({
      name: 'x',
      start: { command: ['node', 'x.ts'], readyPath: '/', readySeconds: 1 },
      profiles: {},
      ...block,
    });
    for (const { served, meanings = [] } of Object.values(contract.endpoints)) {
      expect(served).toEqual([200]);
      expect(new Set(meanings.map(({ means }) => means))).toEqual(new Set([200, 429, 503]));
    }
  }
});
