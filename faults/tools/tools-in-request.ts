import { z } from 'zod';
import { jsonIn } from '../base/json-in.ts';
import { type Loose, listIn } from './tool-call.ts';

/** Maximum number of characters of a result to keep. */
const KEPT = 300;

/** The result of a tool's call, as a request passes it to a model. */
export const toolResult = z.strictObject({
  id: z.string(),
  /** Its beginning. */
  text: z.string(),
  /** Whether the request marks it as an error, which only Anthropic's API can express. */
  isError: z.literal(true).exactOptional(),
});

type ToolResult = z.output<typeof toolResult>;

/** The words of the APIs for tools and results. A body without them is not parsed. */
const WORDS = ['"tools"', '"tool_call_id"', '"function_call_output"', '"tool_result"'];

/** What a request to a model says about tools. */
interface ToolsInRequest {
  /** The names of the tools that it offers. */
  readonly offers: string[];
  /** The results that belong to the calls in the model's last answer, in order. */
  readonly results: ToolResult[];
}

/** Returns what the body of a request to a model says about tools. Other bodies say nothing. */
export function toolsInRequest(body: Buffer | undefined): ToolsInRequest {
  if (!body || !WORDS.some((word) => body.includes(word))) return { offers: [], results: [] };
  const request = jsonIn(body.toString()) as Loose;
  const said = listIn(request?.messages ?? request?.input);
  return {
    offers: listIn(request?.tools).flatMap((tool) => nameOf(tool?.function?.name ?? tool?.name)),
    results: said.slice(said.findLastIndex(isAnswer) + 1).flatMap(resultsIn),
  };
}

/** Maximum number of characters in the name of a tool. */
const MOST_CHARACTERS = 128;

const nameOf = (name: unknown): string[] => (typeof name === 'string' ? [name.slice(0, MOST_CHARACTERS)] : []);

const isAnswer = (said: Loose): boolean =>
  said?.role === 'assistant' || said?.type === 'function_call' || said?.type === 'reasoning';

function resultsIn(said: Loose): ToolResult[] {
  if (said?.role === 'tool') return [resultOf(said.tool_call_id, said.content)];
  if (said?.type === 'function_call_output') return [resultOf(said.call_id, said.output)];
  const blocks = listIn(said?.content).filter((block) => block?.type === 'tool_result');
  return blocks.map((block) => resultOf(block.tool_use_id, block.content, block.is_error));
}

function resultOf(id: unknown, content: Loose, isError?: unknown): ToolResult {
  const texts = listIn(content).map((part) => part?.text ?? JSON.stringify(part));
  const text = typeof content === 'string' ? content : texts.length > 0 ? texts.join('\n') : JSON.stringify(content);
  return { id: String(id), text: (text ?? '').slice(0, KEPT), ...(isError === true && { isError }) };
}
