import { steadyNow } from '../../faults/base/steady-now.ts';
import type { Route } from '../../faults/upstream/route.ts';
import type { Upstream } from '../../faults/upstream/upstream.ts';
import { LlmState } from '../llm/llm-state.ts';
import { withAnthropicHeaders } from './answer.ts';
import { countTokens, messages } from './messages.ts';
import { getModel, listModels } from './model-routes.ts';
import { anthropicModels } from './models.ts';
import { errorResponse, type Refused, refusals } from './refusals.ts';
import {
  type AnthropicSettings,
  type AnthropicSettingsInput,
  type AnthropicState,
  anthropicSettings,
  QUOTA_RULES,
} from './settings.ts';

/** An Anthropic fake that can be reconfigured while it runs. */
export interface AnthropicUpstream extends Upstream<Route> {
  /** The current settings. */
  readonly settings: AnthropicSettings;
  /**
   * Replaces all settings (omitted ones get their defaults) and resets quota usage.
   *
   * @throws ZodError
   */
  configure(settings: AnthropicSettingsInput): void;
  /** Restores the initial settings, quotas and request IDs. */
  reset(): void;
}

/**
 * Creates a fake of api.anthropic.com. `seed` determines its texts and IDs, and `now` returns the time in milliseconds
 * since the epoch. See `anthropicSettings` for the settings.
 *
 * @throws ZodError for invalid settings
 */
export function createAnthropic({
  seed,
  now = steadyNow,
  ...settings
}: { seed: string; now?: () => number } & AnthropicSettingsInput): AnthropicUpstream {
  const parsed = anthropicSettings.parse(settings);
  const catalogue = anthropicModels;
  const state: AnthropicState = new LlmState({ seed, now, settings: parsed, catalogue, rules: QUOTA_RULES });
  const refuse = (refused: Refused) => {
    const id = state.nextId();
    return withAnthropicHeaders(errorResponse(refused, id), id);
  };
  return {
    // Handlers are tried in order, so the most frequently used one comes first.
    handlers: [messages(state), countTokens(state), listModels(state), getModel(state)],
    errorResponse: (status) => refuse(refusals.status(status)),
    unknownPath: () => refuse(refusals.status(404)),
    get settings() {
      return state.settings;
    },
    configure: (next) => state.configure(anthropicSettings.parse(next)),
    reset: () => state.reset(),
  };
}
