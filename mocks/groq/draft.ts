import { chooseTool, type FunctionCall } from './choose-tool.ts';
import type { CompletionRequest } from './completion-request.ts';
import { composeText } from './compose-text.ts';
import { countTokens, splitTokens, type Usage, usageOf } from './tokens.ts';

/** What a completion says, before it is told whole or streamed. */
export interface Draft {
  /** The text, token by token; empty where a function is called. */
  readonly tokens: readonly string[];
  readonly call: FunctionCall | undefined;
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly usage: Usage;
  /** The tokens that a quota has to have room for: the prompt's, and as many as the reply may have. */
  readonly requestedTokens: number;
  /** Why the request fails, where what was asked for did not fit: JSON or a function call that is cut short is neither. */
  readonly failure: 'json_validate_failed' | 'tool_use_failed' | undefined;
}

/** Writes the reply to a request, which follows from the seed and the request. */
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
