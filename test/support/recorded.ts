import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgedNumbers, promises } from '../../harness/contract/contract.ts';
import type { KnownFaults } from '../../harness/contract/known-faults.ts';
import { registeredFaults } from '../../harness/contract/registered-faults.ts';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { type HistoryHeader, VERSION } from '../../harness/history/header.ts';
import { History } from '../../harness/history/history.ts';
import { writeHistory } from '../../harness/history/history-file.ts';
import { Recording } from '../../harness/history/recording.ts';
import { type Numbers, numberOf, type SourceSeries, seriesOf } from '../../harness/history/series.ts';
import { historyOf } from '../../harness/judge/judge-folder.ts';
import { facts, SILENCE, T0 } from './history.ts';

/**
 * The header for the history of an LLM outage. Only `holds` and the common checkers judge it.
 *
 * @param faults What the run knew of kinds of faults. Defaults to those of this process.
 */
export function header(holds: string[], faults: KnownFaults = registeredFaults()): HistoryHeader {
  const { contract, numbers } = facts('llm');
  const {
    start: _,
    environment: __,
    conditions: ___,
    requires: ____,
    profiles: _____,
    files: ______,
    ...promised
  } = contract;
  const { environment: _______, ...judged } = numbers;
  return {
    type: 'header',
    format: 'proofload history',
    version: VERSION,
    began: T0,
    scenario: 'chaos/llm-outage',
    script: 'chaos/outage',
    breaker: 'llm',
    profile: 'fast',
    seed: 7,
    engine: { name: 'embedded', version: '1' },
    noise: SILENCE,
    again: 'make chaos',
    proof: {
      about: 'The LLM fails.',
      judges: 'outages',
      clients: 1,
      seconds: 5,
      patienceSeconds: 0,
      conditions: [],
      beside: [],
      holds,
    },
    contract: promises.parse(promised),
    numbers: judgedNumbers.parse(judged),
    faults,
  };
}

/** Returns events as a run records them: with numbers, and with the end of the record. */
export function complete(events: readonly HistoryEvent[]): HistoryEvent[] {
  const history = new History();
  const recording = new Recording(history);
  for (const event of events) recording.add(event);
  const numbersOf = (series: SourceSeries): Numbers => {
    const numbers = events.flatMap((event) => (seriesOf(event) === series ? (numberOf(event) ?? []) : []));
    return { first: Math.min(1, ...numbers), last: Math.max(0, ...numbers) };
  };
  recording.tell({ upstream: numbersOf('upstream'), database: numbersOf('database'), phase: numbersOf('phase') });
  recording.end();
  return history.inOrder();
}

/** Writes a history with these events to a scenario folder and returns the folder's path. */
export async function recordedFolder(events: HistoryEvent[], holds: string[], faults?: KnownFaults): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-history-'));
  const recorded = { header: header(holds, faults), history: new History(events), ended: T0 + 5_000 };
  await writeHistory(historyOf(folder), recorded);
  return folder;
}
