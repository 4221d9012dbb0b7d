import type { ActionPhase } from '../../contract/phases.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Case, type Facts, planned } from '../lib/checker.ts';
import { type Conversation, conversationsIn, type MadeCall } from './conversations.ts';
import { toolOf } from './promised.ts';

export type BrokenPhase = PhaseEntry<ActionPhase<'broken tool calls'>>;

/** Whether a call may act once although it has a flaw, because all of it has arrived. */
export const mayAct = (facts: Facts, { tool, fault }: Pick<BrokenPhase, 'tool' | 'fault'>, call: MadeCall): boolean =>
  call.whole === true && (fault !== 'out of order' || toolOf(facts, tool).outOfOrder === 'once');

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
  /** Whether its connection ended before the answer did. */
  readonly isCutOff: boolean;
}

/** Returns the broken calls of a phase, in order. */
export const brokenIn = (history: History, phase: BrokenPhase): BrokenCall[] =>
  conversationsIn(history, phase).flatMap((conversation) =>
    conversation.turns.flatMap(({ receipt: { at, outcome }, calls }, turn) =>
      calls.flatMap((call) => {
        const { flaw } = call;
        return flaw === undefined
          ? []
          : [{ call: { ...call, flaw }, conversation, turn, at, isCutOff: outcome === 'cut' }];
      }),
    ),
  );
