import { Trend } from 'k6/metrics';
import { CHANNEL_POSITIONS, marksIn } from '../../faults/marks/marks.ts';
import { textsIn } from '../../faults/marks/texts-in.ts';
import type { Begun } from '../../harness/contract/phases.ts';
import { context, find } from './context.ts';
import { lab, type Read } from './lab.ts';
import { composed, tagsOf } from './service.ts';
import { isComplete, tellsError } from './streams.ts';
import { together } from './wait.ts';

/** What a slow reader got: 1 for a whole response, otherwise 0; its words; and those before the first that is wrong. */
const whole = new Trend('slow_reader_whole');
const words = new Trend('slow_reader_words');
const right = new Trend('slow_reader_words_in_order');

/** Lets several callers read a long stream slowly, at once. */
export async function readSlowly(phase: Begun, endpoint: string, readers: number): Promise<void> {
  await together(readers, async (index) => {
    const read = await lab.read(await composed(endpoint), true);
    const tags = tagsOf({ phase, endpoint, about: String(index) });
    const marks = marksOf(read);
    whole.add(isWhole(endpoint, read) ? 1 : 0, tags);
    words.add(marks.length, tags);
    right.add(inOrder(marks), tags);
  });
}

const bodyOf = ({ pieces }: Read): string => pieces.map(({ text }) => text).join('');

/** Whether nothing tells a caller that something is missing. */
function isWhole(endpoint: string, read: Read): boolean {
  const { stream } = find(context.endpoints, endpoint);
  const answer = { headers: { 'Content-Type': read.headers['content-type'] ?? '' }, body: bodyOf(read) };
  return stream !== undefined && read.isWhole && isComplete(answer, stream) && !tellsError(answer, stream.error);
}

/** Returns the words at the place of a response that has most of them. */
function marksOf(read: Read) {
  const texts = [...textsIn(bodyOf(read), read.headers['content-type'] ?? '').byPath.values()];
  return texts.map(marksIn).reduce((longest, marks) => (marks.length > longest.length ? marks : longest), []);
}

/** Returns how many words come as an answer has them, before the first that does not. */
function inOrder(marks: ReturnType<typeof marksIn>): number {
  const wrong = marks.findIndex(
    ({ answer, position }, index) => answer !== marks[0]?.answer || position !== index % CHANNEL_POSITIONS,
  );
  return wrong < 0 ? marks.length : wrong;
}
