import type { CompletionRequest } from './completion-request.ts';
import { sampleJson } from './sample-json.ts';

/** The function that a completion calls; its arguments are JSON. */
export interface FunctionCall {
  readonly name: string;
  readonly arguments: string;
}

/**
 * The function that a request requires to be called, with the simplest arguments that its parameters allow: the named
 * one, or with `required` the first. With `auto` and `none` this fake answers in words.
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
