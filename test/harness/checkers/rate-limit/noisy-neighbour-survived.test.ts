import { expect, test } from 'vitest';
import { noisyNeighbourSurvived } from '../../../../harness/checkers/rate-limit/noisy-neighbour-survived.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connections, facts, metric, request, STRAY, T0, verdicts } from '../../../support/history.ts';

const [FEW, NONE, LEFT] = ['neighbour leaves few', 'neighbour leaves none', 'neighbour has left'] as const;

/**
 * The statuses of reads while a few slots are left, while none is, and afterwards, and any differences from a passing
 * run.
 */
interface Case {
  few?: number[];
  none?: number[];
  again?: number[];
  /** Duration of the last read of the first phase, in milliseconds. */
  ms?: number;
  health?: number[];
  total?: number;
  samples?: number;
  said?: number[];
  /** How many milliseconds after the heal the last read got its response. */
  servedAfter?: number;
  healed?: boolean;
}

const HEAL = 3_000;

function judged(change: Case): Record<string, string> {
  const { few = [404, 503, 404], none = [503, 503], again = [503, 404], ms = 10, health = [200, 200, 200] } = change;
  const { total = 5, samples = 10, said = [1, 2], servedAfter = 1_900, healed = true } = change;
  const reads = (statuses: number[], of: string, about: string, at: number, lastMs = 10) =>
    statuses.map((status, index) => {
      const last = index === statuses.length - 1;
      return request(at + index, last ? lastMs : 10, status, { phase: of, about, endpoint: 'conversation-read' });
    });
  const calls = (of: string, at: number) =>
    health.map((status, index) => request(at + index, 5, status, { phase: of, about: 'health', endpoint: 'health' }));
  const heal: HistoryEvent = { type: 'fault', at: T0 + HEAL, upstream: 'database', asked: {} };
  return verdicts(
    noisyNeighbourSurvived.judge(
      new History([
        STRAY,
        begun(1, { action: 'steady' }, 0, 0),
        connections(50, 99),
        { ...heal, at: T0 + 60 },
        begun(2, { action: FEW }, 100, 0),
        ...reads(few, '2', 'during', 200, ms),
        ...calls('2', 200),
        ...Array.from({ length: samples }, (_, index) => connections(200 + index, index === 3 ? total : 1)),
        begun(3, { action: NONE }, 1_000, 0),
        ...reads(none, '3', 'during', 1_100),
        ...calls('3', 1_100),
        ...said.map((value) => metric('retry_after_seconds', 1_200, value, { phase: '3' })),
        metric('retry_after_seconds', 50, 60, { phase: 'another' }),
        begun(4, { action: LEFT }, 2_900, 0),
        ...(healed ? [heal] : []),
        ...reads(again, '4', 'again', HEAL + servedAfter - 10),
        begun(5, { action: 'locked again', round: 1 }, 90_000, 0),
        connections(90_100, 99),
      ]),
      facts(),
    ),
  );
}

const CHECKS = {
  few: `served or refused: ${FEW}`,
  fewHealth: `health stays up: ${FEW}`,
  none: `served or refused: ${NONE}`,
  noneHealth: `health stays up: ${NONE}`,
  ceiling: 'stays within the pool beside a neighbour',
  again: 'serves again when the neighbour has left',
};

/** Returns PASS for all checks except the given ones. */
const but = (changed: Partial<Record<keyof typeof CHECKS, string>>) =>
  Object.fromEntries(
    Object.entries(CHECKS).map(([key, check]) => [check, changed[key as keyof typeof CHECKS] ?? 'PASS']),
  );

test.each([
  ['all well', {}, {}],
  ['all served over a few slots', { few: [404, 404] }, {}],
  ['an internal error over a few', { few: [404, 500] }, { few: 'FAIL' }],
  ['an internal error over none', { none: [503, 500] }, { none: 'FAIL' }],
  ['a read as late as may be', { ms: 2_000 }, {}],
  ['a read answered too late', { ms: 2_001 }, { few: 'FAIL' }],
  ['a read that hung', { few: [404, 0], ms: 36_000 }, { few: 'FAIL' }],
  ['a connection that broke', { few: [404, 0] }, { few: 'FAIL' }],
  ['a neighbour whom nobody felt', { none: [404, 404] }, { none: 'INCONCLUSIVE' }],
  ['no reads', { few: [], none: [] }, { few: 'INCONCLUSIVE', none: 'INCONCLUSIVE' }],
  ['health refused', { health: [200, 503, 200] }, { fewHealth: 'FAIL', noneHealth: 'FAIL' }],
  ['health not answered', { health: [200, 0, 200] }, { fewHealth: 'FAIL', noneHealth: 'FAIL' }],
  ['health hardly asked for', { health: [200, 200] }, { fewHealth: 'INCONCLUSIVE', noneHealth: 'INCONCLUSIVE' }],
  ['a connection too many', { total: 6 }, { ceiling: 'FAIL' }],
  ['too few looks at the connections', { samples: 9 }, { ceiling: 'INCONCLUSIVE' }],
  ['a recovery as late as may be', { again: [503, 404], servedAfter: 2_999 }, {}],
  ['a recovery later than was said', { servedAfter: 3_001 }, { again: 'FAIL' }],
  ['no recovery', { again: [503, 503] }, { again: 'FAIL' }],
  ['no answer at the end', { again: [503, 0] }, { again: 'FAIL' }],
  ['nobody asking afterwards', { again: [] }, { again: 'INCONCLUSIVE' }],
  ['a neighbour who never left', { healed: false }, { again: 'INCONCLUSIVE' }],
  ['refusals that say nothing, and a recovery at once', { said: [], servedAfter: 5_999 }, {}],
  ['refusals that say nothing, and a late recovery', { said: [], servedAfter: 6_001 }, { again: 'FAIL' }],
] as [string, Case, Parameters<typeof but>[0]][])('a noisy neighbour, seeing %s', (_, change, expected) => {
  expect(judged(change)).toEqual(but(expected));
});
