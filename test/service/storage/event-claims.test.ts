import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type ClaimOutcome,
  claimDueEvent,
  claimEvent,
  completeEvent,
  type EndedConversation,
  type EventClaim,
  keepEvent,
  releaseClaim,
} from '../../../service/storage/event-claims.ts';
import { conversationEvents, recentAnalyses } from '../../../service/storage/events.ts';
import type { Database } from '../../../service/storage/pool.ts';
import { useDatabase } from '../support/use-database.ts';

const LEASE_MS = 60_000;
const CONVERSATION: EndedConversation = {
  userId: 'ada',
  conversationId: 'c-1',
  messages: [{ role: 'user', content: 'I like to swim.' }],
};

const server = useDatabase();
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  database = server.openPool({ poolMax: 10 });
  client = new pg.Client(server.url);
  await client.connect();
});

beforeEach(() => client.query('TRUNCATE conversation_events'));

afterAll(async () => {
  await database.close();
  await client.end();
});

async function claimed(conversation: Partial<EndedConversation> = {}, leaseMs = LEASE_MS): Promise<EventClaim> {
  const outcome = await claimEvent(database, { ...CONVERSATION, ...conversation }, leaseMs);
  if (outcome.kind !== 'claimed') throw new Error(`not claimed: ${outcome.kind}`);
  return outcome.claim;
}

const claimAgain = (changed: object = {}): Promise<ClaimOutcome> =>
  claimEvent(database, { ...CONVERSATION, ...changed }, LEASE_MS);

const storedCount = async () => (await client.query('SELECT count(*)::int AS n FROM conversation_events')).rows[0].n;

test('of twenty concurrent calls, one claims the event', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => claimAgain()));
  const kinds = outcomes.map(({ kind }) => kind).toSorted();
  expect(kinds).toEqual(['claimed', ...Array.from({ length: 19 }, () => 'pending')].toSorted());
  const ids = outcomes.map((outcome) => (outcome.kind === 'claimed' ? outcome.claim : outcome.event).event_id);
  expect(new Set(ids).size).toBe(1);
  expect(await storedCount()).toBe(1);
});

test('returns a complete event unchanged', async () => {
  const { event_id } = await claimed();
  const completed = await completeEvent(database, event_id, 'Ada swims.', 'm-1');
  expect(completed).toMatchObject({ event_id, status: 'complete', analysis: 'Ada swims.', memory_event_id: 'm-1' });
  expect(await claimAgain()).toEqual({ kind: 'complete', event: completed });
  expect(await storedCount()).toBe(1);
});

test('the same ID of another user is another event', async () => {
  await claimed();
  expect((await claimAgain({ userId: 'bob' })).kind).toBe('claimed');
  expect(await storedCount()).toBe(2);
});

test.each(['pending', 'complete'])(
  'different messages for a %s conversation are a conflict and change nothing',
  async (status) => {
    const claim = await claimed();
    if (status === 'complete') await completeEvent(database, claim.event_id, 'Ada swims.', 'm-1');
    else await releaseClaim(database, claim, null, 0);
    expect((await claimAgain({ messages: [{ role: 'user', content: 'other' }] })).kind).toBe('differs');
    expect(await conversationEvents(database, 'ada', 'c-1')).toMatchObject([{ status }]);
    expect((await claimAgain()).kind).toBe(status === 'complete' ? 'complete' : 'claimed');
  },
);

test('a stored event is pending and can be claimed', async () => {
  const kept = await Promise.all(Array.from({ length: 20 }, () => keepEvent(database, CONVERSATION)));
  expect(new Set(kept.map(({ kind }) => kind))).toEqual(new Set(['pending']));
  expect(new Set(kept.map(({ event }) => event.event_id)).size).toBe(1);
  expect(await storedCount()).toBe(1);
  expect(await claimed()).toMatchObject({ event_id: kept[0]?.event.event_id, attempts: 1 });
});

test('storing an existing event changes nothing', async () => {
  const claim = await claimed();
  expect(await keepEvent(database, CONVERSATION)).toMatchObject({
    kind: 'pending',
    event: { event_id: claim.event_id },
  });
  expect((await claimAgain()).kind).toBe('pending');
  const other = { ...CONVERSATION, messages: [{ role: 'user' as const, content: 'other' }] };
  expect((await keepEvent(database, other)).kind).toBe('differs');
  const event = await completeEvent(database, claim.event_id, 'Ada swims.', 'm-1');
  expect(await keepEvent(database, CONVERSATION)).toEqual({ kind: 'complete', event });
});

test('a released event can be claimed immediately, with its partial results', async () => {
  await releaseClaim(database, await claimed(), 'Ada swims.', LEASE_MS);
  expect(await claimed()).toMatchObject({ status: 'pending', analysis: 'Ada swims.', attempts: 2 });
});

test("an expired claim can't release the next one", async () => {
  const first = await claimed({}, -1);
  await claimed();
  await releaseClaim(database, first, 'late', 0);
  expect((await claimAgain()).kind).toBe('pending');
});

test('an expired claim that completes second gets the first result', async () => {
  const { event_id } = await claimed({}, -1);
  const first = await completeEvent(database, event_id, 'first', 'm-1');
  expect(await completeEvent(database, event_id, 'second', 'm-2')).toEqual(first);
});

test('a release after the completion changes nothing', async () => {
  const claim = await claimed();
  const completed = await completeEvent(database, claim.event_id, 'Ada swims.', 'm-1');
  await releaseClaim(database, claim, 'other', 0);
  expect(await claimAgain()).toEqual({ kind: 'complete', event: completed });
});

test('claims only due events that are neither claimed nor complete', async () => {
  await releaseClaim(database, await claimed({ conversationId: 'rests' }), null, 60_000);
  await claimed({ conversationId: 'claimed' });
  const done = await claimed({ conversationId: 'complete' });
  await completeEvent(database, done.event_id, 'a', 'm');
  await releaseClaim(database, await claimed({ conversationId: 'due' }), null, -2000);
  await releaseClaim(database, await claimed({ conversationId: 'due longer' }), null, -5000);
  const due = [await claimDueEvent(database, LEASE_MS), await claimDueEvent(database, LEASE_MS)];
  expect(due.map((claim) => claim?.conversation_id)).toEqual(['due longer', 'due']);
  expect(due[0]).toMatchObject({ attempts: 2, messages: CONVERSATION.messages });
  expect(await claimDueEvent(database, LEASE_MS)).toBeUndefined();
});

test('several replicas claim different events', async () => {
  for (let n = 0; n < 10; n += 1) {
    await releaseClaim(database, await claimed({ conversationId: `c-${n}` }), null, -1000);
  }
  await client.query('BEGIN');
  await client.query(`SELECT 1 FROM conversation_events WHERE conversation_id = 'c-0' FOR UPDATE`);
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimDueEvent(database, LEASE_MS)));
  await client.query('ROLLBACK');
  const ids = claims.flatMap((claim) => (claim ? [claim.conversation_id] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain('c-0');
  // Some events may remain, because each call skips events that another one has locked.
  for (let claim = await claimDueEvent(database, LEASE_MS); claim; claim = await claimDueEvent(database, LEASE_MS)) {
    ids.push(claim.conversation_id);
  }
  expect(ids.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `c-${n}`));
});

test('suggestions use only events with an analysis', async () => {
  await claimed();
  const done = await claimed({ conversationId: 'c-2' });
  await completeEvent(database, done.event_id, 'Ada swims.', 'm-1');
  expect(await recentAnalyses(database, 'ada')).toEqual(['Ada swims.']);
});
