import type { ActionPhase } from '../../contract/phases.ts';
import type { Tool } from '../../contract/schema/tools.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Case, type Facts, planned } from '../lib/checker.ts';
import { conversationsIn, whyNoCall } from './conversations.ts';
import { attemptsOf, countEffects, effectsIn } from './effects.ts';
import { toolOf } from './promised.ts';
import { meaningsIn, resultReader } from './results.ts';

export type FailingPhase = PhaseEntry<ActionPhase<'tool fails'>>;

/** What a check about a tool that fails is about. */
export type FailingNames = Pick<FailingPhase, 'fault' | 'tool' | 'endpoint'>;

/** Returns the checks about tools that fail. `isJudged` says for which of them. */
export const failingCases = (
  facts: Facts,
  checkOf: (names: FailingNames) => string,
  isJudged: (tool: Tool) => boolean = () => true,
): Case[] | undefined =>
  planned(facts, 'tool fails')
    ?.filter(({ tool }) => isJudged(toolOf(facts, tool)))
    .map((phase) => ({ check: checkOf(phase), promises: [['tools', phase.tool]] }));

/** What became of a call whose tool failed. */
interface Seen {
  readonly effects: number;
  /** Whether the model or the caller was told of a failure. */
  readonly isTold: boolean;
  /** Whether the model got a result of a call. */
  readonly isAnswered: boolean;
  /** Whether it is not known what a result tells the model. */
  readonly isUnclear: boolean;
}

/** Returns what became of the call of a phase, or why nothing can be said about it. */
export function watchFailing(history: History, facts: Facts, phase: FailingPhase): Seen | string {
  const { endpoint, upstream, tool: name } = phase;
  const tool = toolOf(facts, name);
  const conversations = conversationsIn(history, phase);
  // The only call of the phase: all effects are its own.
  const { effects, unread } = effectsIn(history, facts, phase, [name]);
  const why = whyNoCall(conversations, { endpoint, upstream, tool: name }) ?? unread;
  if (why !== undefined) return why;
  const hasMet = tool.upstream === undefined ? hasLostReply(history, phase) : hasFailed(history, phase, tool);
  if (!hasMet) return `no request of ${name} met the failure`;
  const read = resultReader(history, facts, phase);
  const isCallerTold = conversations.some((conversation) => conversation.isCallerTold);
  const meanings = conversations.map((conversation) => meaningsIn(conversation, read));
  const isTold = isCallerTold || meanings.some((found) => found.has('failure'));
  const isUnclear = !isTold && meanings.some((found) => found.has('unclear'));
  const isAnswered = meanings.some((found) => found.size > 0);
  return { effects: countEffects(effects), isTold, isAnswered, isUnclear };
}

const hasFailed = (history: History, phase: FailingPhase, tool: Tool): boolean =>
  attemptsOf(history, phase, tool).some(({ faults }) => faults.length > 0);

const hasLostReply = (history: History, phase: FailingPhase): boolean =>
  history
    .receipts('connection', 'database')
    .some(
      ({ faults, endedAt }) =>
        faults.some((fault) => fault.endsWith(':lost-reply')) &&
        endedAt !== null &&
        endedAt >= phase.at &&
        endedAt < phase.until,
    );
