import { z } from 'zod';
import { type ChangedCalls, changeCalls, PIECE } from '../tools/change-calls.ts';
import type { AnswerEnd, ToolCall } from '../tools/tool-call.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

const ROTATED = 'the first piece of its arguments after the others';
/** Moves the first piece to the end. The text is then no JSON, because the brace that begins it comes later. */
function rotated(text: string): string {
  const end = Math.min(PIECE, text.length - 1);
  return text.slice(end) + text.slice(0, end);
}

/** Arguments that are no JSON object, by their flaws. */
const MALFORMED: Readonly<Record<string, (text: string) => string>> = {
  'a trailing comma': (text) => text.replace(/\}$/, ',}'),
  'single quotes': (text) => text.replaceAll('"', "'"),
  'two objects': (text) => text + text,
  'text after the object': (text) => `${text} and more`,
  'no JSON': () => 'as you like',
  null: () => 'null',
  'a list': (text) => `[${text}]`,
  [ROTATED]: rotated,
};

/** Names of tools that do not exist. The first ones are similar to that of a tool. */
const UNKNOWN: readonly ((name: string) => string)[] = [
  (name) => `${name}_v2`,
  (name) => name.slice(0, -1) || 'x',
  () => 'no_such_tool',
];

/** A change, its name, and whether all of the call arrives, so that it may act. */
interface Flawed extends ChangedCalls {
  readonly flaw: string;
  readonly whole?: true;
}

type Flaw = (calls: readonly ToolCall[], turn: number, isStream: boolean) => Flawed;

const changeLast = (calls: readonly ToolCall[], change: (call: ToolCall) => ToolCall): ToolCall[] =>
  calls.map((call, index) => (index === calls.length - 1 ? change(call) : call));

/** Changes the arguments of the last call. */
const withText = (calls: readonly ToolCall[], change: (text: string) => string): ToolCall[] =>
  changeLast(calls, (call) => ({ ...call, arguments: change(call.arguments) }));

const FLAWS = {
  malformed(calls, turn) {
    const names = Object.keys(MALFORMED);
    const flaw = names[turn % names.length] as string;
    const malformed = MALFORMED[flaw] as (text: string) => string;
    return { calls: withText(calls, malformed), flaw };
  },
  unknown(calls, turn) {
    const rename = UNKNOWN[turn % UNKNOWN.length] as (name: string) => string;
    const changed = changeLast(calls, (call) => ({ ...call, name: rename(call.name) }));
    return { calls: changed, flaw: `an unknown tool, ${changed.at(-1)?.name}` };
  },
  doubled: (calls) => ({
    calls: [...calls, ...calls.slice(-1)],
    flaw: 'the same call twice, with the same ID',
    whole: true,
  }),
  disordered: (calls, _, isStream) =>
    isStream
      ? { calls, order: 'disordered', flaw: 'arguments before the beginning of their call', whole: true }
      : { calls: withText(calls, rotated), flaw: ROTATED },
  crossed: (calls) => ({ calls, order: 'crossed', flaw: 'pieces of several calls in turn' }),
} satisfies Record<string, Flaw>;

const KINDS = ['cut', ...Object.keys(FLAWS)] as ['cut', ...(keyof typeof FLAWS)[]];

/**
 * Changes the calls of tools in the answers of a model, whole or streamed. With `cut`, the arguments of the last call end
 * before one of their characters: `sweep` (default 2) is over how many answers the place moves from the first character
 * to the last. `end` says how such an answer ends: as `usual`, as if nothing was missing, at its `limit` of tokens
 * (default), or with its connection (`gone`, which is only possible in a stream). With `crossed`, the pieces of several calls in a
 * stream come in turn, which is no flaw. With `disordered`, a stream has the first piece of the arguments before the
 * beginning of the call, and a whole answer has it after the others. Other answers are not affected.
 */
export const toolCalls = defineUpstreamFault({
  kind: 'tool-calls',
  does: 'truncates, breaks, doubles, renames or reorders the tool calls in the answers of a model',
  effect: 'none',
  fields: {
    flaw: z
      .enum(KINDS)
      .describe(KINDS.join(', '))
      .meta({ examples: ['cut'] }),
    end: z.enum(['usual', 'limit', 'gone']).default('limit').describe('usual, limit or gone'),
    sweep: z.int().min(1).max(100_000).default(2).describe('a whole number of answers from 1 to 100000'),
  },
  create({ flaw: kind, end, sweep }) {
    let answers = 0;
    return {
      async answer({ note }, respond) {
        return changeCalls(await respond(), (calls, isStream) => {
          const turn = answers;
          answers += 1;
          const changed: Flawed =
            kind === 'cut'
              ? cut(calls, { place: sweep === 1 ? 1 : (turn % sweep) / (sweep - 1), end })
              : FLAWS[kind](calls, turn, isStream);
          const { flaw, whole } = changed;
          note?.({
            toolCalls: changed.calls.map(({ name, arguments: text }, index) => ({
              name,
              arguments: text,
              ...(index === changed.calls.length - 1 && { flaw, ...(whole && { whole }) }),
            })),
          });
          return changed;
        });
      },
    };
  },
});

/** Cuts arguments at a place from 0, where nothing is left, to 1, where only the last character is missing. */
function cut(calls: readonly ToolCall[], { place, end }: { readonly place: number; readonly end: AnswerEnd }): Flawed {
  const characters = [...(calls.at(-1)?.arguments ?? '')];
  const left = Math.round(Math.max(0, characters.length - 1) * place);
  const text = characters.slice(0, left).join('');
  return {
    calls: withText(calls, () => text),
    end,
    flaw: `its arguments end after ${left} of ${characters.length} characters`,
  };
}
