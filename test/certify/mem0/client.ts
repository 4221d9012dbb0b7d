import { randomUUID } from 'node:crypto';
import { MemoryClient } from 'mem0ai';
import { expect } from 'vitest';
import type { FakesUnderTest } from '../support/use-fakes.ts';

const KEY = 'm0-certify';

/** The SDK with its defaults except for the address. */
export const mem0Of = (fakes: FakesUnderTest, apiKey: string = KEY): MemoryClient =>
  new MemoryClient({ apiKey, host: fakes.upstreams.mem0 ?? '' });

/** Returns a user ID that no other test uses. */
export const someUser = (): string => `user-${randomUUID()}`;

/** Fetches an event in the provider's format. The SDK has no call for this. */
async function eventOf(fakes: FakesUnderTest, id: string): Promise<{ status: string }> {
  const headers = { authorization: `Token ${KEY}` };
  const response = await fetch(`${fakes.upstreams.mem0}/v1/event/${id}/`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as { status: string };
}

/** Polls an event until it is done. Returns the sequence of its states. */
export async function statesOf(fakes: FakesUnderTest, id: string): Promise<string[]> {
  const states = new Set<string>();
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { status } = await eventOf(fakes, id);
    states.add(status);
    if (status === 'SUCCEEDED' || status === 'FAILED') return [...states];
    expect(Date.now(), `the event stays ${status}`).toBeLessThan(deadline);
  }
}

/** Adds a user's message and waits until it is stored. Returns the response to `add`. */
export async function remember(fakes: FakesUnderTest, client: MemoryClient, userId: string, ...said: string[]) {
  const answer = (await client.add(
    said.map((content) => ({ role: 'user' as const, content })),
    { userId, metadata: { fromTest: true } },
    // The SDK's types still declare an array of memories.
  )) as unknown as { eventId: string; status: string };
  return { answer, states: await statesOf(fakes, answer.eventId) };
}
