import type { FakesUnderTest } from './use-fakes.ts';

/** Replaces an upstream's settings, such as its quotas and its revoked keys, for the rest of a test. */
export async function setUp(fakes: FakesUnderTest, upstream: 'groq' | 'mem0', settings: object): Promise<void> {
  const answer = await fetch(`${fakes.control}/upstreams/${upstream}/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
