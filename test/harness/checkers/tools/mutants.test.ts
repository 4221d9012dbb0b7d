import { expect, test } from 'vitest';
import type { ActionPhase } from '../../../../harness/contract/phases.ts';
import { during, mutantIn } from '../fake-wire.ts';

const TOOLS = {
  endpoints: { ask: { reaches: ['llm'], tools: ['order'], rounds: 2 } },
  tools: { order: { upstream: 'shop', effect: 'POST /orders' } },
};
const path = { endpoint: 'ask', upstream: 'llm' };
const ACT = { action: 'tools act', ...path } as const;
const FAULT = { fault: 'cut', tool: 'order' };

test.each<[string, ActionPhase]>([
  ['tool-acts-twice', ACT],
  ['broken-call-acts', { action: 'broken tool calls', ...path, ...FAULT }],
  ['failed-tool-acts-again', { action: 'tool fails', ...path, ...FAULT }],
])('%s sends a request of the tool, once the tool has sent one', async (name, data) => {
  const { hooks, called } = mutantIn(name, TOOLS);
  const acted: unknown[] = [];
  for (const phase of [{ action: 'tool loop', ...path } as const, ACT, data].map(during)) {
    acted.push(await hooks.arrive?.({ endpoint: 'ask', phase }));
  }
  expect([acted, called]).toEqual([[false, false, true], ['shop']]);
});

test('the model is asked more often than promised', async () => {
  const { hooks, called } = mutantIn('model-asked-on-and-on', TOOLS);
  const arrive = (data: ActionPhase) => hooks.arrive?.({ endpoint: 'ask', phase: during(data) });
  expect([await arrive(ACT), await arrive({ action: 'tool loop', ...path }), called]).toEqual([
    false,
    true,
    ['llm', 'llm'],
  ]);
});
