/** The format that a request asks for. */
export type Format =
  | { readonly type: 'text' | 'json_object' }
  | { readonly type: 'json_schema'; readonly schema: unknown };

/** A function that a model may call. */
interface Tool {
  readonly name: string;
  /** The JSON schema of the arguments; default: no arguments. */
  readonly parameters?: unknown;
}

/** A request for a text or a function call, without the provider's way to write it. */
export interface Question {
  /** The text depends on this value and the seed only. */
  readonly prompt: unknown;
  /** The number of tokens of the prompt. */
  readonly promptTokens: number;
  readonly format: Format;
  /** The text ends before the first of these. */
  readonly stop: readonly string[];
  readonly tools: readonly Tool[];
  /** The function to call; with `required` the first one, with `auto` and `none` no function is called. */
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** The maximum number of tokens of the reply; undefined: no limit. */
  readonly maxTokens: number | undefined;
}
