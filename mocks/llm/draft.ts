import type { MarkedAnswer } from '../../faults/marks/marked-answer.ts';
import { composeText } from './compose-text.ts';
import { type Conversation, nextTurn } from './conversation.ts';
import type { FunctionCall, Question } from './question.ts';
import { sampleJson } from './sample-json.ts';
import { splitTokens } from './tokens.ts';

/** The content of a reply, before it is sent as a whole or streamed. */
export interface Draft {
  /** The tokens that the model generated: the text, and the function calls as JSON. */
  readonly tokens: readonly string[];
  /** The tokens of the text. Empty if there are only calls. */
  readonly text: readonly string[];
  /** The function calls. The arguments of the last one are incomplete if `isCut` is true. */
  readonly calls: readonly FunctionCall[];
  /** Whether the reply ended at the token limit. */
  readonly isCut: boolean;
  /** The stop sequence that ended the text. */
  readonly stoppedBy: string | undefined;
}

/**
 * Composes the reply to a request, or one of several choices. The same answer and question give the same reply.
 *
 * @param conversation Decides which tools are called. Without it, calls are made only if the request requires one.
 */
export function draftReply(marked: MarkedAnswer, question: Question, conversation?: Conversation): Draft {
  const channels = marked.words.length;
  const { composed, calls } = compose(marked, question, conversation);
  const wholeText = composed ? splitTokens(composed.text) : [];
  const wholeCalls = calls.map((call) => splitTokens(JSON.stringify(call)));
  const whole = calls.length === 0 ? wholeText : [wholeText, ...wholeCalls].flat();
  const limit = question.maxTokens ?? whole.length;
  const isCut = limit < whole.length;
  const draft = {
    tokens: isCut ? whole.slice(0, limit) : whole,
    text: isCut ? wholeText.slice(0, limit) : wholeText,
    calls: isCut ? cutCalls(calls, wholeCalls, limit - wholeText.length) : calls,
    isCut,
    stoppedBy: isCut ? undefined : composed?.stoppedBy,
  };
  if (isCut || draft.stoppedBy !== undefined) {
    marked.cut(channels, [draft.text.join(''), ...draft.calls.map((call) => call.arguments)].join(' '));
  }
  return draft;
}

function compose(marked: MarkedAnswer, question: Question, conversation: Conversation | undefined) {
  const turn = conversation && nextTurn(conversation, question);
  const scripted = turn?.text === undefined ? undefined : { text: turn.text, stoppedBy: undefined };
  if (turn && turn.calls.length > 0) return { composed: scripted, calls: turn.calls };
  const required = chooseTool(question, marked);
  if (required) return { composed: undefined, calls: [required] };
  return { composed: scripted ?? composeText(marked, question), calls: [] };
}

/** Returns the calls that fit into `left` tokens. The arguments of the last one end there. */
function cutCalls(calls: readonly FunctionCall[], tokens: readonly string[][], left: number): FunctionCall[] {
  const kept: FunctionCall[] = [];
  let rest = left;
  for (const [index, call] of calls.entries()) {
    const own = tokens[index] ?? [];
    if (rest <= 0) break;
    // Its name and its arguments are tokens together, so that all of the arguments never fit.
    const length = Math.floor((call.arguments.length * rest) / own.length);
    kept.push(own.length <= rest ? call : { ...call, arguments: call.arguments.slice(0, length) });
    rest -= own.length;
  }
  return kept;
}

/**
 * Returns the function call that a request requires, with the simplest arguments that the parameters allow. This is the
 * named function, or the first one with `required`. With `auto` and `none`, these fakes respond with text.
 */
function chooseTool({ tools, toolChoice }: Question, marked: MarkedAnswer): FunctionCall | undefined {
  if (toolChoice === 'auto' || toolChoice === 'none') return undefined;
  const tool = toolChoice === 'required' ? tools[0] : tools.find(({ name }) => name === toolChoice.name);
  return tool && { name: tool.name, arguments: JSON.stringify(sampleJson(tool.parameters ?? {}, marked)) };
}
