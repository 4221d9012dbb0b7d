import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { FunctionCall, Question, Said, Tool } from './question.ts';
import { sampleJson } from './sample-json.ts';

/** Stand for the text of the user's message and the number of the round in scripted arguments. */
const QUESTION = '{{proofload.question}}';
const ROUND = '{{proofload.round}}';

const call = z.strictObject({
  tool: z.string().min(1).optional().describe('the name of the tool; default: the first one that the request offers'),
  arguments: z
    .record(z.string(), z.json())
    .optional()
    .describe(
      `the arguments of the call, as they are. In strings, ${QUESTION} becomes the text of the message that began the ` +
        `conversation, and ${ROUND} the number of the round, from 1, which is a number if the string has nothing else; default: the simplest arguments that the schema ` +
        'of the tool allows',
    ),
});

const round = z.strictObject({
  calls: z.array(call).min(1).max(128).describe('the calls of the round, which the model makes in one answer'),
  text: z.string().min(1).optional().describe('the text that the model says before the calls; default: none'),
  times: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('how often the round comes, for example to see when a loop ends; default: 1'),
});

/** How the fake of an LLM uses the tools that a request offers. */
export const conversation = z
  .strictObject({
    rounds: z
      .array(round)
      .min(1)
      .max(100)
      .describe(
        'the rounds of tool calls, in their order: `calls`, each of a `tool` with `arguments`, a `text` before them, and ' +
          'how many `times` the round comes (mocks/README.md)',
      ),
    text: z.string().min(1).optional().describe('the last answer; default: a text as in other answers'),
  })
  .describe('an object with "rounds" of tool calls, and the "text" of the last answer');

export type Conversation = z.output<typeof conversation>;
type ScriptedCall = Conversation['rounds'][number]['calls'][number];

/** The model's next answer in a conversation: calls after an optional text, or the last text. */
export interface Turn {
  readonly text: string | undefined;
  readonly calls: readonly FunctionCall[];
}

/**
 * Returns a model's next answer by what the request says, so that fakes keep no state: the first scripted round with a
 * call that has no result yet. Results count only for calls with the scripted arguments, so a call that arrived
 * truncated, or under another name, is made again. Calls to tools that the request does not offer are left out.
 *
 * @returns undefined if the request neither offers tools nor has any results
 */
export function nextTurn({ rounds, text }: Conversation, question: Question): Turn | undefined {
  const { tools, toolChoice, parallelCalls } = question;
  const { opening, results } = currentTurn(question.said());
  if (tools.length === 0 && results.length === 0) return undefined;
  const offered = toolChoice === 'none' ? [] : tools.filter(({ name }) => isAllowed(name, toolChoice));
  const open = [...results];
  let number = 0;
  for (const { calls, text, times } of rounds) {
    for (let time = 0; time < times; time += 1) {
      number += 1;
      const missing = calls.flatMap((scripted) => {
        const tool = toolOf(scripted, offered);
        if (!tool) return [];
        const wanted = argumentsOf(scripted, tool, { opening, number });
        const done = open.findIndex((other) => other.name === tool.name && isDeepStrictEqual(other.arguments, wanted));
        if (done < 0) return [{ name: tool.name, arguments: JSON.stringify(wanted) }];
        open.splice(done, 1);
        return [];
      });
      if (missing.length > 0) return { text, calls: parallelCalls ? missing : missing.slice(0, 1) };
    }
  }
  return { text, calls: [] };
}

const isAllowed = (tool: string, choice: Question['toolChoice']): boolean =>
  typeof choice === 'string' || choice.name === tool;

const toolOf = ({ tool }: ScriptedCall, tools: readonly Tool[]): Tool | undefined =>
  tool === undefined ? tools[0] : tools.find(({ name }) => name === tool);

interface Fill {
  readonly opening: string;
  readonly number: number;
}

function argumentsOf({ arguments: given }: ScriptedCall, { parameters = {} }: Tool, fill: Fill): unknown {
  return given === undefined ? sampleJson(parameters, { text: () => undefined }) : filled(given, fill);
}

function filled(value: unknown, fill: Fill): unknown {
  if (value === ROUND) return fill.number;
  if (typeof value === 'string') {
    return value.replaceAll(ROUND, String(fill.number)).replaceAll(QUESTION, () => fill.opening);
  }
  if (Array.isArray(value)) return value.map((part) => filled(part, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part, fill)]));
}

interface CurrentTurn {
  /** The first message of the user. Frameworks may add others, such as "Go on". */
  readonly opening: string;
  /** The calls that have a result. */
  readonly results: readonly { readonly name: string; readonly arguments: unknown }[];
}

/** Reads what was said since the last answer without calls. */
function currentTurn(said: Iterable<Said>): CurrentTurn {
  const calls = new Map<string, { name: string; arguments: unknown }>();
  let opening: string | undefined;
  let results: { name: string; arguments: unknown }[] = [];
  let isAnswered = false;
  for (const part of said) {
    const isCall = 'name' in part;
    if (isAnswered && !isCall && part.by !== 'assistant') {
      opening = undefined;
      results = [];
    }
    isAnswered = part.by === 'assistant' && !isCall;
    if (part.by === 'user') opening ??= part.text;
    else if (isCall) calls.set(part.id, { name: part.name, arguments: parsed(part.arguments) });
    else if (part.by === 'tool') results.push(...[calls.get(part.id)].filter((known) => known !== undefined));
  }
  return { opening: opening ?? '', results };
}

/** Returns arguments as a value. Those that are truncated stay a text. */
function parsed(written: unknown): unknown {
  if (typeof written !== 'string') return written;
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}
