import type { ActionPhase } from '../../contract/phases.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Case, type Facts, planned } from '../lib/checker.ts';
import { type Conversation, conversationsIn, type MadeCall } from './conversations.ts';

export type BrokenPhase = PhaseEntry<ActionPhase<'broken tool calls'>>;

/** Whether a call with a flaw may act once, because all of it has arrived. */
export const mayAct = (fault: string): boolean => ['doubled', 'out of order'].includes(fault);

/** Returns the checks about broken calls of tools. */
export const brokenCases = (
  facts: Facts,
  checkOf: (phase: Pick<BrokenPhase, 'fault' | 'tool' | 'endpoint'>) => string,
): Case[] | undefined =>
  planned(facts, 'broken tool calls')?.map((phase) => ({
    check: checkOf(phase),
    promises: [
      ['tools', phase.tool],
      ['endpoints', phase.endpoint, 'tools'],
    ],
  }));

/** A broken call in an answer of a model. */
export interface BrokenCall {
  readonly call: MadeCall & { readonly flaw: string };
  readonly conversation: Conversation;
  /** The index of the model's answer in the conversation. */
  readonly turn: number;
  readonly at: number;
}

/** Returns the broken calls of a phase, in order. */
export const brokenIn = (history: History, phase: BrokenPhase): BrokenCall[] =>
  conversationsIn(history, phase).flatMap((conversation) =>
    conversation.turns.flatMap(({ receipt, calls }, turn) =>
      calls.flatMap((call) =>
        call.flaw === undefined ? [] : [{ call: { ...call, flaw: call.flaw }, conversation, turn, at: receipt.at }],
      ),
    ),
  );
