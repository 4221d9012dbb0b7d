import type { CompletionRequest } from './completion-request.ts';
import { sampleJson } from './sample-json.ts';

/** A function call of a completion; its arguments are JSON. */
export interface FunctionCall {
  readonly name: string;
  readonly arguments: string;
}

/**
 * Returns the function call that a request requires, with the simplest arguments that the parameters allow: of the
 * named function, or with `required` of the first one. With `auto` and `none` this fake responds with text.
 */
export function chooseTool({ tools, tool_choice }: CompletionRequest): FunctionCall | undefined {
  if (!tools || !tool_choice || tool_choice === 'auto' || tool_choice === 'none') return undefined;
  const tool =
    tool_choice === 'required'
      ? tools.find((candidate) => candidate.function)
      : tools.find((candidate) => candidate.function?.name === tool_choice.function.name);
  if (!tool?.function) return undefined;
  return { name: tool.function.name, arguments: JSON.stringify(sampleJson(tool.function.parameters ?? {})) };
}
