import type { FakesUnderTest } from './use-fakes.ts';

/** Replaces an upstream's settings, such as its quotas and its revoked keys, for the rest of a test. */
export async function setUp(fakes: FakesUnderTest, upstream: 'groq' | 'mem0', settings: object): Promise<void> {
  await fakes.pass('put', `/upstreams/${upstream}/settings`, settings);
}
