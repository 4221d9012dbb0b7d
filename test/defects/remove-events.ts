import { setImmediate } from 'node:timers/promises';
import { createDice } from '../../faults/base/dice.ts';
import { RECORD } from '../../harness/checkers/foundation/index.ts';
import type { Facts } from '../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { History } from '../../harness/history/history.ts';
import { Recording } from '../../harness/history/recording.ts';
import { isBySource, type Numbers, type SourceSeries, seriesOf } from '../../harness/history/series.ts';
import { judgeEach } from '../../harness/judge/judge.ts';
import { type Finding, worst } from '../../harness/verdict/finding.ts';

/** A recorded history, with what is needed to judge it. */
export interface Case {
  readonly history: History;
  readonly facts: Facts;
  readonly holds: readonly string[];
}

/** Events that are removed from a history, and what they are. */
type Removal = readonly [what: string, removed: readonly HistoryEvent[]];

/** Chooses what to remove. Called with the events that may be removed, sorted by time. */
type Choose = (events: readonly HistoryEvent[], dice: () => number) => Removal;

/** How many times events were removed, and the removals that nobody noticed, each with its seed. */
export interface Removals {
  readonly tried: number;
  readonly unnoticed: readonly string[];
}

/** How many times events are removed from a history, and from one with more than so many events. */
const [TIMES, TIMES_OF_LONG, LONG] = [100, 10, 10_000];

/**
 * Removes events from a history in random ways, and judges what is left. A removal is noticed if a check of the record
 * that passed doesn't any more, and not everything passes. The history must be complete: otherwise, nothing is tried.
 *
 * In every other removal, the source loses the events, so that those of the remaining ones that are numbered when they
 * are recorded have successive numbers. The history of a run can't lack others in this way, because the process that
 * records them is their source.
 */
export async function removeEvents({ history, facts, holds }: Case, seed: string): Promise<Removals> {
  const events = history.inOrder();
  const judged = async (left: readonly HistoryEvent[]) => {
    const all: Finding[] = [];
    for (const [, findings] of judgeEach(new History(left), facts, holds)) {
      all.push(...findings);
      // Scenarios that run at the same time are judged by times.
      await setImmediate();
    }
    return all;
  };
  const passed = new Set((await judged(events)).flatMap(({ check, verdict }) => (verdict === 'PASS' ? check : [])));
  if (!passed.has('record complete')) return { tried: 0, unnoticed: [] };
  const dice = createDice(seed);
  const tried = events.length > LONG ? TIMES_OF_LONG : TIMES;
  const unnoticed: string[] = [];
  for (let number = 0; number < tried; number += 1) {
    const isAtSource = number % 2 === 1;
    const candidates = isAtSource ? events.filter(canBeLost) : events;
    const [what, removed] = pick(CHOICES, dice)(candidates, dice);
    const gone = new Set(removed);
    const left = events.filter((event) => !gone.has(event));
    const findings = await judged(isAtSource ? recordedAgain(left) : left);
    const isNoticed = findings.some(
      ({ checker, check, verdict }) => verdict !== 'PASS' && passed.has(check) && OF_RECORD.has(checker ?? ''),
    );
    if (isNoticed && worst(findings.map(({ verdict }) => verdict)) !== 'PASS') continue;
    const where = isAtSource ? 'lost by the source' : 'removed';
    unnoticed.push(`seed "${seed}", removal ${number}: ${removed.length} of ${events.length} events ${where}: ${what}`);
  }
  return { tried, unnoticed };
}

const OF_RECORD = new Set(RECORD.map(({ name }) => name));

/** Whether an event comes from another process, or is numbered before it is recorded. */
const canBeLost = (event: HistoryEvent): boolean => ['request', 'metric', 'receipt', 'phase'].includes(event.type);

/** Records events once more, with the same end. */
function recordedAgain(events: readonly HistoryEvent[]): HistoryEvent[] {
  const history = new History();
  const recording = new Recording(history);
  for (const event of events) {
    if (event.type === 'end') {
      const bySource = event.series.filter(({ of }) => isBySource(of as SourceSeries));
      const numbers = Object.fromEntries(bySource.map(({ of, first, last }) => [of, { first, last }]));
      recording.tell(numbers as Record<SourceSeries, Numbers>);
    } else recording.add(event);
  }
  recording.end();
  return history.inOrder();
}

/** What belongs together: events of a series, of an upstream, a phase, a metric or another name. */
const GROUPS: readonly ((event: HistoryEvent) => string | undefined)[] = [
  (event) => `all of the series ${seriesOf(event)}`,
  (event) => ('upstream' in event ? `all of the upstream ${event.upstream}` : undefined),
  (event) => ('tags' in event && event.tags.phase ? `all in phase ${event.tags.phase}` : undefined),
  (event) => ('tags' in event && event.tags.endpoint ? `all of the endpoint ${event.tags.endpoint}` : undefined),
  (event) => ('metric' in event ? `all of the metric ${event.metric}` : undefined),
  (event) => ('kind' in event ? `all receipts of the kind ${event.kind}` : undefined),
  (event) => ('status' in event ? `all with the status ${event.status}` : undefined),
  (event) => ('event' in event ? `all ${event.type} events ${event.event}` : undefined),
  (event) => ('of' in event ? `all ${event.type} events of ${event.of}` : undefined),
];

const single: Choose = (events, dice) => {
  // Rare kinds are as likely as others.
  const series = pick([...Map.groupBy(events, seriesOf).values()], dice);
  const event = pick(series, dice);
  return [JSON.stringify(event).slice(0, 200), [event]];
};

const run: Choose = (events, dice) => {
  const from = Math.floor(dice() * events.length);
  const length = 1 + Math.floor(dice() ** 2 * (events.length - from));
  return [`${length} in a row, from number ${from}`, events.slice(from, from + length)];
};

const runOfSeries: Choose = (events, dice) => {
  const series = pick([...Map.groupBy(events, seriesOf).entries()], dice);
  const [what, removed] = run(series[1], dice);
  return [`of the series ${series[0]}, ${what}`, removed];
};

const tail: Choose = (events, dice) => {
  const from = Math.floor(dice() * events.length);
  return [`all from number ${from}`, events.slice(from)];
};

const group: Choose = (events, dice) => {
  const groups = Map.groupBy(events, pick(GROUPS, dice));
  groups.delete(undefined);
  return groups.size === 0 ? single(events, dice) : pick([...groups] as [string, HistoryEvent[]][], dice);
};

const scattered: Choose = (events, dice) => {
  const share = dice();
  const removed = events.filter(() => dice() < share);
  return removed.length === 0 ? single(events, dice) : [`each with a probability of ${share.toFixed(2)}`, removed];
};

const CHOICES: readonly Choose[] = [single, single, run, runOfSeries, tail, group, group, scattered];

function pick<One>(of: readonly One[], dice: () => number): One {
  const chosen = of[Math.floor(dice() * of.length)];
  if (chosen === undefined) throw new Error('there is nothing to choose from');
  return chosen;
}
