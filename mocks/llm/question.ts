/** The output format that a request asks for. */
export type Format =
  | { readonly type: 'text' | 'json_object' }
  | { readonly type: 'json_schema'; readonly schema: unknown };

/** A function that a model may call. */
interface Tool {
  readonly name: string;
  /** The JSON schema of the arguments. Defaults to no arguments. */
  readonly parameters?: unknown;
}

/** A request for a text or a function call, independent of the provider's format. */
export interface Question {
  /** The text depends only on this value and the seed. */
  readonly prompt: unknown;
  readonly promptTokens: number;
  readonly format: Format;
  /** The stop sequences. The text ends before the first of them. */
  readonly stop: readonly string[];
  readonly tools: readonly Tool[];
  /**
   * The function to call. With `required`, this is the first function, and with `auto` and `none`, no function is
   * called.
   */
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Maximum number of tokens in the reply, or undefined if there is no limit. */
  readonly maxTokens: number | undefined;
}
