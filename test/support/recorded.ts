import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgedNumbers, promises } from '../../harness/contract/contract.ts';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { type HistoryHeader, VERSION } from '../../harness/history/header.ts';
import { History } from '../../harness/history/history.ts';
import { writeHistory } from '../../harness/history/history-file.ts';
import { historyOf } from '../../harness/judge/judge-folder.ts';
import { facts, SILENCE, T0 } from './history.ts';

/** The header for the history of an LLM outage. Only `holds` and the common checkers judge it. */
export function header(holds: string[]): HistoryHeader {
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
  };
}

/** Writes a history with these events to a scenario folder and returns the folder's path. */
export async function recordedFolder(events: HistoryEvent[], holds: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-history-'));
  const recorded = { header: header(holds), history: new History(events), ended: T0 + 5_000 };
  await writeHistory(historyOf(folder), recorded);
  return folder;
}
