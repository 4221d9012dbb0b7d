import type { Question } from './question.ts';
import { sampleJson } from './sample-json.ts';

/** A model's function call, with its arguments as JSON. */
export interface FunctionCall {
  readonly name: string;
  readonly arguments: string;
}

/**
 * Returns the function call that a request requires, with the simplest arguments that the parameters allow. This is the
 * named function, or the first one with `required`. With `auto` and `none`, these fakes respond with text.
 */
export function chooseTool({ tools, toolChoice }: Question): FunctionCall | undefined {
  if (toolChoice === 'auto' || toolChoice === 'none') return undefined;
  const tool = toolChoice === 'required' ? tools[0] : tools.find(({ name }) => name === toolChoice.name);
  return tool && { name: tool.name, arguments: JSON.stringify(sampleJson(tool.parameters ?? {})) };
}
