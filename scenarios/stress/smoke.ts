import type { Proof } from '../../harness/contract/proof.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { noteComplete, noteUndescribed } from '../lib/note-streams.ts';
import { call, isServed } from '../lib/service.ts';
import { noteUnexpected } from '../lib/unexpected.ts';
import { until } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Calls each endpoint once, and without valid credentials if it requires any. Calls are served or rejected, and ' +
    'reach the upstreams that the contract lists.',
  judges: 'endpoints as described',
  clients: 1,
  seconds: 2,
  conditions: [],
  holds: [
    'endpoints-served',
    'streams-complete',
    'endpoints-reach-upstreams',
    'endpoints-ask-for-proof',
    'ledger-keeps-row',
    'pool-endpoint-reads-table',
  ],
};

export default async function (): Promise<void> {
  for (const name of Object.keys(context.endpoints)) {
    const tags: ScriptTags = { phase: await lab.phase({ action: 'endpoint', endpoint: name }) };
    const response = await call(name, { ...tags, ...(context.ledger && { key: context.ledger.key }) });
    if (!isServed(name, response.status)) noteUnexpected(response, tags);
    noteComplete(name, response, tags);
    noteUndescribed(name, response, tags);
  }
  if (context.authentication) await askWithoutProof();
  if (context.ledger) await lab.readLedger();
  if (context.pool) await readLockedTable(context.pool);
  await lab.phase({ action: 'end' });
}

/** Sends requests with invalid credentials to each endpoint that requires credentials. */
async function askWithoutProof(): Promise<void> {
  for (const [name, { worthless }] of Object.entries(context.endpoints)) {
    if (worthless.length === 0) continue;
    const phase = await lab.phase({ action: 'without proof', endpoint: name });
    for (const proof of worthless) await call(name, { phase, proof }, { proof });
  }
}

/** Reads while the table is locked. The query waits in the database for up to the acquire timeout. */
async function readLockedTable({ endpoint, acquireTimeoutSeconds }: NonNullable<typeof context.pool>): Promise<void> {
  const phase = await lab.phase({ action: 'locked' });
  await lab.fault('database', { kind: 'lock' });
  const read = call(endpoint, { phase });
  await until(async () => (await lab.waitingForLock()) > 0, acquireTimeoutSeconds * 1_000);
  await lab.heal('database');
  await read;
}
