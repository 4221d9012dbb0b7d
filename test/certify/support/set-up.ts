import type { FakesUnderTest } from './use-fakes.ts';

/** Replaces an upstream's settings, such as quotas or revoked keys, until the end of the test. */
export async function setUp(fakes: FakesUnderTest, upstream: string, settings: object): Promise<void> {
  await fakes.pass('put', `/upstreams/${upstream}/settings`, settings);
}
