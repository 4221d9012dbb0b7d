import { expect, test } from 'vitest';
import { asking, problemsWith } from './problems.ts';

const ORDER = { upstream: 'backup', effect: 'POST /orders', arguments: { item: 'tea, ${unique}' } };

const problemsOf = async (tool: object, endpoint: object = { tools: ['order'], rounds: 3 }): Promise<string[]> =>
  problemsWith({ ...asking(endpoint), tools: { order: tool } });

test('accepts a tool that calls an upstream, with a key', async () => {
  expect(await problemsOf({ ...ORDER, key: 'idempotency-key' })).toEqual([]);
});

test.each<[string, object, object | undefined, string]>([
  ['no place of the effect', { arguments: ORDER.arguments }, undefined, 'needs either `upstream` or `table`'],
  ['two places of the effect', { ...ORDER, table: 'orders' }, undefined, 'needs either `upstream` or `table`'],
  ['no effect', { ...ORDER, effect: undefined }, undefined, 'needs `effect`, such as POST /orders'],
  [
    'arguments that are the same in each call',
    { ...ORDER, arguments: { item: 'tea' } },
    undefined,
    'must contain ${unique}',
  ],
  ['an unknown upstream', { ...ORDER, upstream: 'shop' }, undefined, 'there is no "shop"'],
  ['a TCP server', { ...ORDER, upstream: 'cache' }, undefined, '"cache" is not an HTTP upstream'],
  [
    'a table without a database',
    { table: 'orders', arguments: ORDER.arguments },
    undefined,
    'the lab starts no database',
  ],
  [
    'a key of a table',
    { table: 'orders', key: 'k', arguments: ORDER.arguments },
    undefined,
    'needs `upstream`; the rows',
  ],
  ['an unknown tool', ORDER, { tools: ['pay'] }, 'there is no "pay"; allowed: order'],
  ['an endpoint without a model', ORDER, { tools: ['order'], reaches: ['cache'] }, 'it reaches no fake of an LLM'],
  ['rounds without tools', ORDER, { rounds: 3 }, 'needs the tools that the model can call'],
])('reports %s', async (_, tool, endpoint, problem) => {
  expect((await problemsOf(tool, endpoint)).join('\n')).toContain(problem);
});
