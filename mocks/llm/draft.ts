import type { MarkedAnswer } from '../../faults/marks/marked-answer.ts';
import { composeText } from './compose-text.ts';
import type { Question } from './question.ts';
import { sampleJson } from './sample-json.ts';
import { splitTokens } from './tokens.ts';

/** The content of a reply, before it is sent as a whole or streamed. */
export interface Draft {
  /** The tokens that the model generated: the text, or the function call as JSON. */
  readonly tokens: readonly string[];
  /** The function call. Its arguments are incomplete if `isCut` is true. */
  readonly call: FunctionCall | undefined;
  /** Whether the reply ended at the token limit. */
  readonly isCut: boolean;
  /** The stop sequence that ended the text. */
  readonly stoppedBy: string | undefined;
}

/** Composes the reply to a request, or one of several choices. The same answer and question give the same reply. */
export function draftReply(marked: MarkedAnswer, question: Question): Draft {
  const channels = marked.words.length;
  const call = chooseTool(question, marked);
  const { text, stoppedBy } = call ? { text: JSON.stringify(call) } : composeText(marked, question);
  const whole = splitTokens(text);
  const tokens = whole.slice(0, question.maxTokens);
  const isCut = tokens.length < whole.length;
  const draft = {
    tokens,
    call: call && isCut ? { ...call, arguments: call.arguments.slice(0, tokens.join('').length) } : call,
    isCut,
    stoppedBy: isCut ? undefined : stoppedBy,
  };
  if (isCut || stoppedBy !== undefined) marked.cut(channels, draft.call?.arguments ?? tokens.join(''));
  return draft;
}

/** A model's function call, with its arguments as JSON. */
interface FunctionCall {
  readonly name: string;
  readonly arguments: string;
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
