import { MarkedAnswer } from '../../faults/marks/marked-answer.ts';
import { noting } from '../../faults/receipts/note-answer.ts';
import { Receipts } from '../../faults/receipts/receipts.ts';
import type { Finding } from '../../harness/verdict/finding.ts';

const CAPACITY = 200_000;
const PAUSES = Buffer.from('pauses');

/**
 * Fills the receipts to three times their capacity. Memory must not grow after they are full for the first time.
 * Requires --expose-gc.
 */
export function boundReceipts(): Finding[] {
  const receipts = new Receipts({ capacity: CAPACITY });
  const before = heap();
  const fill = (): number => {
    for (let i = 0; i < CAPACITY; i++) {
      const receipt = receipts.open('groq', 'POST', `/openai/v1/chat/completions?${i}`);
      const marked = new MarkedAnswer(receipt.seq, PAUSES);
      marked.text({ isLong: true });
      noting(receipt).note({ answer: marked.made, usage: [i % 100, i % 30], model: 'gpt' });
      receipts.end(receipt, 'answered');
    }
    return heap() - before;
  };
  const [once, twice, thrice] = [fill(), fill(), fill()];
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return [
    {
      check: 'receipts',
      expected: `${CAPACITY} receipts take at most 100 MB, and three times as many no more`,
      observed: `${megabytes(once)} MB, then ${megabytes(twice)}, then ${megabytes(thrice)}`,
      verdict: once < 100e6 && thrice < once * 1.1 && receipts.dropped === 2 * CAPACITY ? 'PASS' : 'FAIL',
    },
  ];
}

function heap(): number {
  if (!globalThis.gc) throw new Error('this needs node --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
