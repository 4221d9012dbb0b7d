import { Rate } from 'k6/metrics';
import type { Proof } from '../../harness/contract/proof.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { context, find } from '../lib/context.ts';
import { atOnce } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { noteComplete, noteError, noteUndescribed } from '../lib/note-streams.ts';
import { call, isServed, tagsOf, unique, uniquePair } from '../lib/service.ts';
import { noteUnexpected } from '../lib/unexpected.ts';
import { pause, together, until } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Calls each endpoint once, and without valid credentials if it requires any. Calls are served or rejected, and ' +
    'reach the upstreams that the contract lists, also if several come at once. What is stored can be read.',
  judges: 'endpoints as described',
  clients: 1,
  seconds: 3,
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

const ENDPOINTS = Object.keys(context.endpoints);
/** Number of callers at once. */
const CALLERS = 6;
/** The pauses before the reads of which one must show a row that was acknowledged, in milliseconds. */
const SHOWN_AFTER_MS = [0, 200, 600];

export default async function (): Promise<void> {
  for (const name of ENDPOINTS) {
    const tags: ScriptTags = { phase: await lab.phase({ action: 'endpoint', endpoint: name }) };
    const response = await call(name, { ...tags, ...(context.ledger && { key: context.ledger.key }) });
    if (!isServed(name, response.status)) noteUnexpected(response, tags);
    noteError(name, response, tags);
    noteComplete(name, response, tags);
    noteUndescribed(name, response, tags);
  }
  if (context.authentication) await askWithoutProof();
  if (context.ledger) await lab.readLedger();
  if (context.pool) await readLockedTable(context.pool);
  // These come last, because they may reach a limit.
  if (context.ledger) await readAfterWrites(context.ledger);
  for (const name of ENDPOINTS.filter(reachesWithItsText)) await callAtOnce(name);
  await lab.phase({ action: 'end' });
}

/**
 * Sends requests with invalid credentials to each endpoint that requires credentials. If another user asks for a row, it
 * is one that its own user can read.
 */
async function askWithoutProof(): Promise<void> {
  for (const [name, { worthless }] of Object.entries(context.endpoints)) {
    if (worthless.length === 0) continue;
    const phase = await lab.phase({ action: 'without proof', endpoint: name });
    const row = unique();
    if (context.ledger && worthless.includes('row of another user')) {
      await call(name, { phase, about: 'before' }, { unique: row });
      const { endpoint, key } = context.ledger;
      await call(endpoint, { phase, about: 'written', key }, { unique: row });
      await untilShown(name, { phase, about: 'own' }, row);
    }
    for (const proof of worthless) await call(name, { phase, proof }, { proof, unique: row });
  }
}

/**
 * Reads what the ledger's endpoint stores, with each endpoint whose path or query has the ledger's key: before and after
 * it is stored, and, in the end, another row that was not read before. This row is stored first. Its key begins with that
 * of the first, which must not be found by it.
 */
async function readAfterWrites({ endpoint: writer, readers }: NonNullable<typeof context.ledger>): Promise<void> {
  for (const endpoint of readers) {
    const phase = await lab.phase({ action: 'read after write', endpoint });
    const [first, second] = uniquePair();
    const { status: before } = await call(endpoint, { phase, about: 'before' }, { unique: first });
    await call(writer, { phase, about: 'written' }, { unique: second });
    await call(endpoint, { phase, about: 'longer key stored' }, { unique: first });
    await call(writer, { phase, about: 'written' }, { unique: first });
    await untilShown(endpoint, { phase, about: 'after' }, first, before);
    await call(endpoint, { phase, about: 'control' }, { unique: second });
  }
}

/** Whether an endpoint calls HTTP upstreams, and its requests have a text that no other request has. */
function reachesWithItsText(name: string): boolean {
  return upstreamsOf(name).length > 0 && JSON.stringify(find(context.endpoints, name)).includes('${unique}');
}

/** Reads a row until the answer is not that for a missing row, by default an error, or for a moment. */
async function untilShown(endpoint: string, tags: ScriptTags, row: string, missing?: number): Promise<void> {
  for (const afterMs of SHOWN_AFTER_MS) {
    await pause(afterMs);
    const { status } = await call(endpoint, tags, { unique: row });
    if (missing === undefined ? status < 300 : status !== missing) return;
  }
}

const upstreamsOf = (name: string): string[] => [
  ...new Set(
    find(context.endpoints, name).reaches.filter((upstream) => context.upstreams[upstream]?.protocol === 'http'),
  ),
];

/** Which answers show the text of another caller instead of their own. A Rate counts the others, too. */
const othersTexts = new Rate('answers_with_the_text_of_another_caller');

/**
 * Calls an endpoint once, and then several times at once. A call is tagged with the text that only its request has. If
 * the answer to the single call shows its text, all others have to.
 */
async function callAtOnce(endpoint: string): Promise<void> {
  const phase = await lab.phase({ action: 'callers at once', endpoint });
  const callAs = async (about: string, text: string) => {
    const { body } = await call(endpoint, { phase, about, unique: text }, { unique: text });
    return typeof body === 'string' ? body : '';
  };
  const alone = unique();
  const isShown = (await callAs('alone', alone)).includes(alone);
  const callers = Math.min(...upstreamsOf(endpoint).map((upstream) => atOnce(CALLERS, { endpoint, upstream })));
  const texts = Array.from({ length: callers }, unique);
  await together(callers, async (index) => {
    const own = texts[index] as string;
    const body = await callAs('at once', own);
    const isOthers = isShown && !body.includes(own) && texts.some((text) => body.includes(text));
    othersTexts.add(isOthers, tagsOf({ phase, endpoint, unique: own, about: isShown ? 'shown' : 'not shown' }));
  });
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
