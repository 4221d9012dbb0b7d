/** The output format that a request asks for. */
export type Format =
  | { readonly type: 'text' | 'json_object' }
  | { readonly type: 'json_schema'; readonly schema: unknown };

/** A function that a model may call. */
export interface Tool {
  readonly name: string;
  /** The JSON schema of the arguments. Defaults to no arguments. */
  readonly parameters?: unknown;
}

/** A model's function call, with its arguments as JSON. */
export interface FunctionCall {
  readonly name: string;
  readonly arguments: string;
}

/** A part of a request's messages, as far as conversations need it. */
export type Said =
  | { readonly by: 'user'; readonly text: string }
  | { readonly by: 'assistant' }
  | { readonly by: 'assistant'; readonly id: string; readonly name: string; readonly arguments: unknown }
  | { readonly by: 'tool'; readonly id: string };

/** A request for a text or function calls, independent of the provider's format. */
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
   * called, unless a conversation says otherwise.
   */
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Whether an answer may have several calls. */
  readonly parallelCalls: boolean;
  /** Reads the messages, in their order. Only conversations need them. */
  readonly said: () => Iterable<Said>;
  /** Maximum number of tokens in the reply, or undefined if there is no limit. */
  readonly maxTokens: number | undefined;
}

/** Returns the text of a message's content, which is a string or a list of parts. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : [content]
        .flat()
        .map((part) => Reflect.get(Object(part), 'text') ?? '')
        .join('');
