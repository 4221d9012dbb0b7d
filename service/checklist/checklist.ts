import { certificates } from './items/certificates.ts';
import { circuitBreakers } from './items/circuit-breakers.ts';
import { dependenciesInstalled } from './items/dependencies-installed.ts';
import type { Finding, Item } from './items/item.ts';
import { maxConnections } from './items/max-connections.ts';
import { rateLimits } from './items/rate-limits.ts';
import { secretKey } from './items/secret-key.ts';
import { sslVerification } from './items/ssl-verification.ts';
import { stressTest } from './items/stress-test.ts';
import type { Observations } from './observe/observations.ts';

/** The deployment checklist, in the order of the specification. The certificates are part of SSL verification. */
const CHECKLIST: readonly Item[] = [
  dependenciesInstalled,
  rateLimits,
  circuitBreakers,
  sslVerification,
  certificates,
  maxConnections,
  stressTest,
  secretKey,
];

/** Evaluates all checklist items. */
export function goThrough(seen: Observations): (Finding & { readonly title: string })[] {
  return CHECKLIST.map((item) => ({ title: item.title, ...item.judge(seen) }));
}
