import { chooseTool, type FunctionCall } from './choose-tool.ts';
import type { CompletionRequest } from './completion-request.ts';
import { composeText } from './compose-text.ts';
import { countTokens, splitTokens, type Usage, usageOf } from './tokens.ts';

/** The content of a completion, before it is sent whole or streamed. */
export interface Draft {
  /** The text by tokens; empty if a function is called. */
  readonly tokens: readonly string[];
  readonly call: FunctionCall | undefined;
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly usage: Usage;
  /** The tokens that a quota must have room for: those of the prompt, and the maximum of the reply. */
  readonly requestedTokens: number;
  /** Why the request fails, if JSON or a function call did not fit into the token limit. */
  readonly failure: 'json_validate_failed' | 'tool_use_failed' | undefined;
}

/** Composes the reply to a request. The same seed and request give the same reply. */
export function draftCompletion(seed: string, wanted: CompletionRequest): Draft {
  const call = chooseTool(wanted);
  const whole = splitTokens(call ? JSON.stringify(call) : composeText(seed, wanted));
  const limit = wanted.max_completion_tokens ?? wanted.max_tokens ?? undefined;
  const written = whole.slice(0, limit);
  const isCut = written.length < whole.length;
  const promptTokens = countTokens(JSON.stringify([wanted.messages, wanted.tools ?? []]));

  const isJson = (wanted.response_format?.type ?? 'text') !== 'text';
  const cutFailure = call ? 'tool_use_failed' : isJson ? 'json_validate_failed' : undefined;
  return {
    tokens: call && !isCut ? [] : written,
    call,
    finishReason: isCut ? 'length' : call ? 'tool_calls' : 'stop',
    usage: usageOf(promptTokens, written.length),
    requestedTokens: promptTokens + (limit ?? written.length),
    failure: isCut ? cutFailure : undefined,
  };
}
