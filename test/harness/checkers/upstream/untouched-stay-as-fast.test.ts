import { expect, test } from 'vitest';
import { untouchedStayAsFast } from '../../../../harness/checkers/upstream/untouched-stay-as-fast.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, metric, request, STRAY, verdicts } from '../../../support/history.ts';

const PHASES = ['before', 'hanging', 'open', 'after'] as const;
type Phase = (typeof PHASES)[number];
const UNTOUCHED = facts('llm').contract.breakers.llm?.untouched ?? [];

interface Case {
  /** Duration of a read by phase, in milliseconds. */
  ms?: Partial<Record<Phase, number>>;
  /** The status of one read. */
  status?: Partial<Record<Phase, number>>;
  /** The statuses of the calls that need the upstream. */
  load?: Partial<Record<Phase, number[]>>;
}

function judged({ ms = {}, status = {}, load = {} }: Case): string[] {
  const events = PHASES.flatMap((action, index) => {
    const [at, phase] = [index * 10_000, String(index)];
    const calls = UNTOUCHED.flatMap((endpoint) =>
      Array.from({ length: 60 }, (_, n) => {
        const own = endpoint === 'conversation-read';
        const code = own && n === 30 ? (status[action] ?? 404) : endpoint === 'conversation-read' ? 404 : 200;
        return request(at + n * 20, own ? (ms[action] ?? 10) : 10, code, { phase, about: 'untouched', endpoint });
      }),
    );
    const others = (load[action] ?? [503, 503]).map((code) =>
      request(at, 2_000, code, { phase, about: 'load', endpoint: 'conversation-end' }),
    );
    return [begun(index, { action }, at, 0), ...calls, ...others, metric('control_ms', at, 1, { phase })];
  });
  const found = verdicts(untouchedStayAsFast.judge(new History([STRAY, ...events]), facts('llm')));
  expect(Object.keys(found)).toHaveLength(2 * UNTOUCHED.length);
  const own = ['while it hangs', 'while its breaker is open'].map((when) => found[`conversation-read as fast ${when}`]);
  return own as string[];
}

test.each([
  ['as fast', ['PASS', 'PASS'], {}],
  ['slower while it hangs', ['FAIL', 'PASS'], { ms: { hanging: 13 } }],
  ['slower while the breaker is open', ['PASS', 'FAIL'], { ms: { open: 13 } }],
  ['slower before as well', ['PASS', 'PASS'], { ms: { before: 13, open: 13 } }],
  ['refused while the breaker is open', ['PASS', 'FAIL'], { status: { open: 503 } }],
  ['not answered while it hangs', ['FAIL', 'PASS'], { status: { hanging: 0 } }],
  ['refused before', ['INCONCLUSIVE', 'INCONCLUSIVE'], { status: { before: 503 } }],
  ['not answered after', ['INCONCLUSIVE', 'INCONCLUSIVE'], { status: { after: 0 } }],
  ['an upstream that served all the while', ['INCONCLUSIVE', 'PASS'], { load: { hanging: [503, 201] } }],
  ['nobody who called on it', ['PASS', 'INCONCLUSIVE'], { load: { open: [] } }],
] as [string, string[], Case][])('an endpoint that needs no upstream, seen %s: %j', (_, expected, seen) => {
  expect(judged(seen)).toEqual(expected);
});
