import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ProofloadError } from '../base/errors.ts';
import { count, timesFound } from '../base/in-words.ts';
import { unknownChecker } from '../checkers/index.ts';
import type { Facts } from '../checkers/lib/checker.ts';
import { leftOut } from '../checkers/load/steady-state.ts';
import { inProfile } from '../contract/promise-path.ts';
import { processesOf } from '../contract/proof.ts';
import { PUBLIC_NETWORK } from '../contract/public-network.ts';
import type { HistoryHeader } from '../history/header.ts';
import type { History } from '../history/history.ts';
import { type RecordedHistory, readHistory } from '../history/history-file.ts';
import { upstreamAnswer } from '../history/upstream-answer.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { notApplicable } from './expected-cases.ts';
import { judgeEach } from './judge.ts';
import { tracesOf } from './traces-of.ts';

/** Maximum number of notes per scenario. */
const MOST_NOTES = 10;

/** Returns the path to the history in a scenario's folder. */
export const historyOf = (folder: string): string => join(folder, 'history.ndjson');

/**
 * Returns the history in a scenario's folder, and the facts needed to judge it.
 *
 * @throws ProofloadError HISTORY_INVALID if it is incomplete or refers to a checker that does not exist
 */
export async function readCase(folder: string) {
  const { header, history, ended } = await readHistory(historyOf(folder));
  const { proof } = header;
  const problem = unknownChecker(proof.holds);
  if (problem) {
    const hint = 'to find your own checks, name the contract that they belong to (--contract)';
    throw new ProofloadError('HISTORY_INVALID', `${historyOf(folder)}: ${problem}; ${hint}`);
  }
  return { header, history, ended, facts: factsOf(header) };
}

/** Returns the facts that checkers need in addition to a history with this header. */
export const factsOf = ({
  contract,
  faults,
  numbers,
  noise,
  breaker,
  proof,
  callsAtOnce,
  publicClients,
}: HistoryHeader): Facts => ({
  contract,
  faults,
  numbers,
  noise,
  proof,
  ...(breaker !== undefined && { breaker }),
  ...(callsAtOnce !== undefined && { callsAtOnce }),
  ...(publicClients && { publicClients }),
});

/**
 * Judges the history in a scenario's folder.
 *
 * @throws ProofloadError HISTORY_INVALID if it is incomplete
 */
export async function judgeFolder(folder: string): Promise<ScenarioResult> {
  return judgeRecorded(await readCase(folder), folder);
}

/** Judges a history that has been read, or that could not be written to the scenario's folder. */
export async function judgeRecorded(
  { header, history, ended }: RecordedHistory,
  folder: string,
): Promise<ScenarioResult> {
  const facts = factsOf(header);
  const { numbers, proof, profile, began, again, scenario, script, seed } = header;
  const { about, judges, holds } = proof;
  const notRun = history.all('set-up')[0]?.problem;
  const findings: Finding[] = [];
  const traced = tracesOf(history);
  const own = proof.profile === profile ? undefined : proof.profile;
  for (const [, found] of judgeEach(history, facts, holds)) {
    findings.push(...found.map((finding) => ({ ...finding, ...traced(finding), ...promisesIn(finding, own) })));
    // Yield to scenarios that are running at the same time, because an event-loop pause would invalidate their times.
    await setImmediate();
  }
  const judgedBy = new Set(findings.map(({ checker }) => checker));
  const clients = header.publicClients ? [PUBLIC_NOTE] : [];
  const notes = [...boundNotes(header), ...clients, ...leftOut(history, facts).map(leftOutNote), ...notesOf(history)];
  const verdict = worst(findings.map((finding) => finding.verdict));
  return {
    scenario,
    script,
    about,
    judges,
    verdict,
    findings,
    notApplicable: notApplicable(facts, holds).filter(({ checker }) => !judgedBy.has(checker)),
    seconds: (ended - began) / 1_000,
    seed,
    again,
    folder: basename(folder),
    ...(notes.length > 0 && { notes }),
    ...(notRun !== undefined && { notRun }),
    ...(numbers.pool && { ceiling: numbers.pool.max * processesOf(proof) }),
  };
}

function boundNotes({ callsAtOnce, callsNotMeasured }: HistoryHeader): string[] {
  if (callsAtOnce !== undefined)
    return [`the service works on ${count(callsAtOnce, 'call')} at once, so no more wait for the same thing`];
  if (callsNotMeasured === undefined) return [];
  return [
    `how many calls the service works on at once could not be measured, so a call that waits for a free process or thread counts as one that waits for a connection: ${callsNotMeasured}`,
  ];
}

const PUBLIC_NOTE = `clients had addresses of ${PUBLIC_NETWORK}, in a network namespace with a new lab`;

const leftOutNote = (endpoint: string): string => `not served before anything was broken, so left out: ${endpoint}`;

/** Names the profile in the promises of a scenario that has its own. */
const promisesIn = ({ promises }: Finding, own: string | undefined): Pick<Finding, 'promises'> =>
  promises === undefined || own === undefined ? {} : { promises: promises.map((path) => inProfile(path, own)) };

/**
 * Returns the reason why the owner of the service's port is unknown, if it is, whether the service was killed, and the requests that an upstream could
 * not handle, each with the reason. They don't fail a check by themselves, because a service may call a path that the
 * real provider doesn't have either.
 */
export function notesOf(history: History): string[] {
  const unchecked = new Set(history.all('service').flatMap((event) => event.unchecked ?? []));
  return [
    ...[...unchecked].map((why) => `it is unknown which process owns the socket on the service's port: ${why}`),
    ...killedAtEnd(history),
    ...unservedIn(history),
  ];
}

/** Returns that the service was killed when the scenario had ended, because it took too long to end, and after how long. */
function killedAtEnd(history: History): string[] {
  const events = history.all('service');
  const last = events.findLast(({ event }) => event === 'exited');
  if (last?.event !== 'exited' || last.signal !== 'SIGKILL' || !last.asked) return [];
  const signalled = events.findLast(({ event, at }) => event === 'signalled' && at <= last.at);
  if (signalled?.event !== 'signalled' || signalled.signal === 'SIGKILL') return [];
  const seconds = Math.round((last.at - signalled.at) / 1_000);
  return [
    `the service had not ended ${seconds} s after ${signalled.signal} and was killed, which takes this time in each scenario; chaos/termination judges how it ends`,
  ];
}

function unservedIn(history: History): string[] {
  const counts = new Map<string, number>();
  for (const receipt of history.all('receipt')) {
    if (receipt.kind !== 'request' || receipt.unserved === undefined) continue;
    const note = upstreamAnswer(receipt);
    counts.set(note, (counts.get(note) ?? 0) + 1);
  }
  const notes = [...counts].map((found) => timesFound(...found));
  const more = notes.length - MOST_NOTES;
  return more > 0 ? [...notes.slice(0, MOST_NOTES), `and ${more} more kinds of request that nothing answered`] : notes;
}
