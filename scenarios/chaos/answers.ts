import type { Proof } from '../../harness/contract/proof.ts';
import type { LineEnds } from '../../harness/contract/schema/answers.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { type Answering, answering, callersOf, type Reading, readings, storersOf } from '../lib/answering.ts';
import { breakCalls, breakEach } from '../lib/break-calls.ts';
import {
  askForAnother,
  askFromTheLab,
  CACHED,
  CACHED_APART,
  differByAddress,
  tryCache,
} from '../lib/cached-answers.ts';
import { context, type Fault, find, promised } from '../lib/context.ts';
import { untilClosed } from '../lib/failing-call.ts';
import { atOnce, callersAtOnce, servedDelayMs } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { showsWhole } from '../lib/note-answer.ts';
import { call, type Extra, isServed, unique, uniquePair } from '../lib/service.ts';
import { readSlowly } from '../lib/slow-readers.ts';
import { steady } from '../lib/steady.ts';
import { planOf, type Step, step, take } from '../lib/steps.ts';
import { times, together } from '../lib/wait.ts';
import { isWorking } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const ANSWERING = answering();
promised(ANSWERING[0], 'endpoint that answers with the answer of an HTTP upstream');

/** The number of callers at once of a stream, and of another answer. */
const [STREAMS, WHOLE] = [200, 20];
/** The number of callers who leave, who stay, and who come afterwards. */
const LEAVERS = 10;
/** When callers leave, and how long the upstream pauses after its first events, in milliseconds. */
const [LEAVE_MS, PAUSE_MS] = [250, 500];
/** How many of the calls that come at once fail at their first attempt. */
const FAILING = 12;
/** How often callers send the same question, and how slow the upstreams are meanwhile, in milliseconds. */
const [ROUNDS, OVERLAP_MS] = [2, 100];

/** The number of events with which an answer begins. They contain several words. */
const BEGINNING = 10;

const PIECES = { kind: 'split-chunks', at: 'borders' };
/** Line ends that event streams may also have. */
const LINE_ENDS: readonly LineEnds[] = ['crlf', 'cr'];
/** A stream that is longer than the operating system keeps for a connection, and the number of its slow readers. */
const LONG_STREAM = { kind: 'flood', megabytes: 6, words: true };
const SLOW = 3;
const BEGUN = { kind: 'slow-first-token', milliseconds: PAUSE_MS, afterEvents: BEGINNING };
/** Some calls get an error, some only the beginning of an answer, and some a whole one in pieces. */
const NOW_AND_THEN = (cut: Fault) => ({
  kind: 'mix',
  of: [{ kind: 'status', status: 503 }, cut, PIECES, PIECES].map((fault) => ({ ...fault, weight: 1 })),
});

const isStreamed = (endpoint: string): boolean => find(context.endpoints, endpoint).stream !== undefined;

const STREAMED = ANSWERING.filter(({ endpoint }) => isStreamed(endpoint));

/** Returns the endpoints to which several callers can send the same request. */
const ASKED_ALIKE = ANSWERING.filter(({ endpoint }) => callersOf(find(context.endpoints, endpoint)) > 1);

const STEPS: readonly Step[] = [
  ...ANSWERING.map((path): Step => {
    const alone = { action: 'pieces alone', endpoint: path.endpoint } as const;
    const split = { action: 'split answers', endpoint: path.endpoint } as const;
    const act = async () => {
      const read = await readAlone(await lab.phase(alone), path);
      await inPieces(await lab.phase(split), path, read);
    };
    return { plan: [alone, split], act };
  }),
  ...ASKED_ALIKE.map((path) =>
    step({ action: 'same question', endpoint: path.endpoint }, async (planned) =>
      askAlike(await lab.phase(planned), path),
    ),
  ),
  ...ANSWERING.filter(differByAddress).map((path) =>
    step({ action: 'same question', endpoint: path.endpoint }, async (planned) =>
      askFromTheLab(await lab.phase(planned), path),
    ),
  ),
  ...STREAMED.map((path) =>
    step({ action: 'slow readers', endpoint: path.endpoint, upstream: path.upstreams[0] ?? '' }, async (planned) => {
      const phase = await lab.phase(planned);
      await whileBroken(path, [LONG_STREAM], () => readSlowly(phase, path.endpoint, most(SLOW, path)));
    }),
  ),
  ...STREAMED.map((path) =>
    step({ action: 'left in an answer', endpoint: path.endpoint }, async (planned) =>
      leave(await lab.phase(planned), path),
    ),
  ),
  ...ANSWERING.map((path) =>
    step({ action: 'failing now and then', endpoint: path.endpoint }, async (planned) =>
      fail(await lab.phase(planned), path),
    ),
  ),
  ...readings().map((reading) =>
    step({ action: 'stored answers', endpoint: reading.reader }, async (planned) =>
      read(await lab.phase(planned), reading),
    ),
  ),
  ...CACHED_APART.map((cached) =>
    step({ action: 'cached for another', endpoint: cached.endpoint }, async (planned) =>
      askForAnother(await lab.phase(planned), cached),
    ),
  ),
  ...CACHED.map((cached) =>
    step({ action: 'cached answers', endpoint: cached.endpoint }, async (planned) =>
      tryCache(await lab.phase(planned), cached),
    ),
  ),
];

export const proof: Proof = {
  about:
    'Many callers get answers at once: in tiny pieces, read slowly, to the same question, while others leave, and while ' +
    'upstreams fail. ' +
    'Stored and cached answers are read by several callers. Each caller gets the words of its own answer, once and in order.',
  judges: 'answers',
  clients: 1,
  seconds: 2 + STEPS.length * 0.8 + STREAMED.length * 1.5 + CACHED.reduce((sum, { seconds }) => sum + seconds, 0),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'answers-compared',
    'pieces-read',
    'slow-readers-get-all',
    'same-question-apart',
    'cached-answers-apart',
    'failures-not-cached',
    'cached-answers-end',
    'ledger-keeps-answer',
    'recovers',
  ],
  plan: planOf(STEPS),
};

export default async function (): Promise<void> {
  await steady('steady', { any: ANSWERING.map(({ endpoint }) => endpoint) });
  await take(STEPS.filter(({ plan }) => plan.every((phase) => 'endpoint' in phase && isWorking(phase.endpoint))));
  if (context.ledger?.answer !== undefined) await lab.readLedger();
  await steady('steady again');
}

type Phase = Awaited<ReturnType<typeof lab.phase>>;

/** Calls an endpoint. If its answers are stored, the call is tagged with the key of its row. */
const ask = (endpoint: string, tags: ScriptTags, extra?: Extra) =>
  call(endpoint, { ...tags, ...(context.ledger?.endpoint === endpoint && { key: context.ledger.key }) }, extra);

/** Returns how many of n calls to make at once, so that all of them reach each of the upstreams. */
const most = (n: number, { endpoint, upstreams }: Answering, each = atOnce): number =>
  Math.min(...upstreams.map((upstream) => each(n, { endpoint, upstream })));

/** Breaks all upstreams of an endpoint, acts, and heals them. Each call meets one of the faults. */
async function whileBroken(
  { upstreams }: Answering,
  faults: readonly Fault[],
  act: () => Promise<unknown>,
): Promise<void> {
  for (const upstream of upstreams) await breakEach(upstream, faults);
  await act();
  for (const upstream of upstreams) await lab.heal(upstream);
}

/** Finds out with calls alone which answers in pieces the service reads, by how their lines end. Returns those. */
async function readAlone(phase: Phase, path: Answering): Promise<Fault[]> {
  const { endpoint, upstreams } = path;
  const reads = async (fault: Fault, about: string): Promise<boolean> => {
    let isRead = false;
    let status = 0;
    await whileBroken(path, [fault], async () => {
      const response = await ask(endpoint, { phase, about });
      status = response.status;
      isRead = showsWhole(endpoint, response);
    });
    // The failure may have opened a breaker.
    if (!isServed(endpoint, status)) await untilClosed({ upstream: upstreams[0] ?? '' });
    return isRead;
  };
  const read = (await reads(PIECES, 'in pieces')) ? [PIECES] : [];
  for (const lineEnds of LINE_ENDS) {
    const [whole, split] = [
      { ...PIECES, at: 'nowhere', lineEnds },
      { ...PIECES, lineEnds },
    ];
    if ((await reads(whole, lineEnds)) && (await reads(split, `${lineEnds} in pieces`))) read.push(split);
  }
  return read;
}

/** Makes many calls at once, while upstreams split their answers at the places where readers go wrong. */
const inPieces = (phase: Phase, path: Answering, read: readonly Fault[]): Promise<void> =>
  whileBroken(path, read.length === 0 ? [PIECES] : read, () =>
    together(most(isStreamed(path.endpoint) ? STREAMS : WHOLE, path), () => ask(path.endpoint, { phase })),
  );

/** Sends the same question for several callers, at once and again. Upstreams are slow, so that the calls overlap. */
async function askAlike(phase: Phase, path: Answering): Promise<void> {
  const { endpoint, upstreams } = path;
  const callers = most(callersOf(find(context.endpoints, endpoint)), path, callersAtOnce);
  const same = unique();
  const milliseconds = Math.min(...upstreams.map((upstream) => servedDelayMs(upstream, OVERLAP_MS)));
  await whileBroken(path, [{ kind: 'latency', milliseconds }], () =>
    times(ROUNDS, () =>
      together(callers, (index) =>
        ask(endpoint, { phase, caller: String(index + 1) }, { unique: same, client: index + 1 }),
      ),
    ),
  );
}

/** Lets callers leave in the middle of their answers. Others stay, and more come when the first ones have left. */
async function leave(phase: Phase, path: Answering): Promise<void> {
  const { endpoint } = path;
  const callers = most(LEAVERS, path);
  const stay = () => ask(endpoint, { phase });
  await whileBroken(path, [BEGUN], async () => {
    const leaving = together(callers, () => ask(endpoint, { phase, about: 'leaver' }, { seconds: LEAVE_MS / 1_000 }));
    const staying = together(callers, stay);
    await leaving;
    const coming = together(callers, stay);
    await staying;
    await coming;
  });
  await together(callers, stay);
}

/** Makes calls at once of which some meet a failure. They are repeated, moved to another upstream, or fail. */
async function fail(phase: Phase, { endpoint, upstreams }: Answering): Promise<void> {
  const [upstream = ''] = upstreams;
  const cut = isStreamed(endpoint) ? { kind: 'cut-stream', events: BEGINNING } : { kind: 'cut', bytes: 300 };
  const callers = atOnce(FAILING, { endpoint, upstream });
  await breakCalls(upstream, NOW_AND_THEN(cut));
  await together(callers, () => ask(endpoint, { phase }));
  await lab.heal(upstream);
  // The failures may have opened a breaker.
  const { status } = await ask(endpoint, { phase });
  if (!isServed(endpoint, status)) await untilClosed({ upstream });
}

/** Whether each request to an endpoint has a text that no other one has. */
const hasOwnText = (name: string): boolean => JSON.stringify(find(context.endpoints, name)).includes('${unique}');

/**
 * Lets several callers store answers at once, and read what is stored. The text of each second request begins with that
 * of the one before.
 */
async function read(phase: Phase, { reader, writer }: Reading): Promise<void> {
  const callers = storersOf(find(context.endpoints, writer));
  const rows = [writer, reader].every(hasOwnText) ? Math.max(callers, 2) : callers;
  const names = Array.from({ length: Math.ceil(rows / 2) }, uniquePair).flat();
  const send = (name: string, about: string) =>
    together(rows, (index) => {
      const client = (index % callers) + 1;
      const tags = { phase, about, caller: String(client), unique: '${unique}' };
      return ask(name, tags, { unique: names[index] as string, client });
    });
  await send(writer, 'written');
  await send(reader, 'read');
}
