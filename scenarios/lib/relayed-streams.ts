import { Trend } from 'k6/metrics';
import { marksIn } from '../../faults/marks/marks.ts';
import { textsIn } from '../../faults/marks/texts-in.ts';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import { breakCalls } from './break-calls.ts';
import { describedBreakers, type StreamedPath } from './context.ts';
import { lab } from './lab.ts';
import { composed, tagsOf } from './service.ts';

/** When pieces of a stream with a pause came, in milliseconds since the epoch: the first with words, and the last. */
const pieceAt = new Trend('stream_piece_at');
/** How long the upstream pauses, in milliseconds. */
const pauseMs = new Trend('stream_pause_ms');

/** The number of events before each pause. The first one of an LLM API contains no text. */
const EVENTS = 6;
/** The length of the pause: as a multiple of the promised time, and how much longer, in milliseconds. */
const LONGER = 1.5;
const LONGER_MS = 1_000;
/** The share of the time after which a stalled stream fails that the pause may take. */
const SHARE = 0.7;

/** Returns the phase that `relay` begins, for the plan of a scenario. */
export const relayedOf = ({ endpoint, upstream }: StreamedPath): PlannedAction<'relayed stream'> => ({
  action: 'relayed stream',
  upstream,
  endpoint,
});

/** Returns how long the upstream pauses in its stream, in milliseconds. */
export const pauseOf = ({ relaySeconds = 0, stallSeconds = Number.POSITIVE_INFINITY }: StreamedPath['stream']) =>
  Math.min(relaySeconds * 1_000 * LONGER + LONGER_MS, stallSeconds * 1_000 * SHARE);

/** The most pauses of a stream. A short answer of an LLM has enough events for them. */
const MOST = 3;

/**
 * Returns how often the upstream pauses. If a stream must not stall, the pauses together are longer than a stall, because
 * a stream that goes on must not be ended, unless the whole call is promised to take less time.
 */
export function pausesOf({ endpoint, stream }: StreamedPath): number {
  const pauses = 1 + Math.floor(((stream.stallSeconds ?? 0) * 1_000) / pauseOf(stream));
  const isTooLong = describedBreakers().some(
    ({ endpoint: name, callTimeoutSeconds = Number.POSITIVE_INFINITY }) =>
      name === endpoint && callTimeoutSeconds * 1_000 < pauses * pauseOf(stream),
  );
  return pauses > MOST || isTooLong ? 1 : pauses;
}

/** Makes a call whose upstream pauses in its stream, and notes when the caller got which part. */
export async function relay(path: StreamedPath): Promise<void> {
  const { endpoint, upstream, stream } = path;
  const phase = await lab.phase(relayedOf(path));
  const milliseconds = pauseOf(stream);
  const slow = { kind: 'slow-first-token', milliseconds, afterEvents: EVENTS, times: pausesOf(path) };
  await breakCalls(upstream, slow);
  const { status, headers, pieces } = await lab.read(await composed(endpoint));
  await lab.heal(upstream);
  const tags = { phase, endpoint };
  pauseMs.add(milliseconds, tagsOf({ ...tags, about: String(status) }));
  let text = '';
  const first = pieces.find((piece) => {
    text += piece.text;
    return hasWords(text, headers['content-type'] ?? '');
  });
  if (first) pieceAt.add(first.at, tagsOf({ ...tags, about: 'first' }));
  const last = pieces.at(-1);
  if (last) pieceAt.add(last.at, tagsOf({ ...tags, about: 'last' }));
  const isWhole =
    stream.end === undefined ||
    pieces
      .map((piece) => piece.text)
      .join('')
      .includes(stream.end);
  if (last && !isWhole) pieceAt.add(last.at, tagsOf({ ...tags, about: 'broken off' }));
}

/** Whether the beginning of a response has words of an upstream's answer. */
const hasWords = (body: string, type: string): boolean =>
  [...textsIn(body, type).byPath.values()].some((text) => marksIn(text).length > 0);
