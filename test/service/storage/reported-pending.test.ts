import { expect, test } from 'vitest';
import type { EndedConversation, KeptEvent } from '../../../service/storage/event-claims.ts';
import { ReportedPending } from '../../../service/storage/reported-pending.ts';

const ADA: EndedConversation = { userId: 'ada', conversationId: 'c-1', messages: [{ role: 'user', content: 'hello' }] };

/** Creates a cache with a fake clock, and a database that returns a new event each time. */
function useMemory(kind: KeptEvent['kind'] = 'pending') {
  const clock = { at: 1_000, now: () => clock.at };
  const reported = new ReportedPending(clock);
  let calls = 0;
  const keep = (conversation: EndedConversation) =>
    reported.keep(conversation, async () => {
      calls += 1;
      return { kind, event: { event_id: `e-${calls}` } } as KeptEvent;
    });
  return { clock, idOf: async (conversation = ADA) => (await keep(conversation)).event.event_id };
}

test('remembers an event for two seconds', async () => {
  const { clock, idOf } = useMemory();
  expect(await idOf()).toBe('e-1');
  clock.at += 2_000;
  expect(await idOf()).toBe('e-1');
  clock.at += 1;
  expect(await idOf()).toBe('e-2');
});

test.each<[string, EndedConversation]>([
  ['user', { ...ADA, userId: 'eve' }],
  ['conversation', { ...ADA, conversationId: 'c-2' }],
  ['wording', { ...ADA, messages: [{ role: 'user', content: 'other' }] }],
])('another %s is not remembered', async (_what, other) => {
  const { idOf } = useMemory();
  await idOf();
  expect(await idOf(other)).toBe('e-2');
});

test.each(['complete', 'differs'] as const)("doesn't remember a result that is %s", async (kind) => {
  const { idOf } = useMemory(kind);
  await idOf();
  expect(await idOf()).toBe('e-2');
});
