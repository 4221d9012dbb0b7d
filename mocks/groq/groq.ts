import { steadyNow } from '../../engine/base/epoch-clock.ts';
import type { Route } from '../../faults/upstream/route.ts';
import type { Upstream } from '../../faults/upstream/upstream.ts';
import { withGroqHeaders } from './answer.ts';
import { chatCompletions } from './chat-completions.ts';
import { groqStatusError, groqUnknownPath } from './errors.ts';
import { GroqState } from './groq-state.ts';
import { getModel, listModels } from './models.ts';
import { type GroqSettings, type GroqSettingsInput, groqSettings } from './settings.ts';

/** A fake of Groq that can be reconfigured while it runs. */
export interface GroqUpstream extends Upstream<Route> {
  /** The current settings. */
  readonly settings: GroqSettings;
  /** Replaces all settings (omitted ones get their defaults) and resets the used quotas. @throws ZodError */
  configure(settings: GroqSettingsInput): void;
  /** Restores the initial settings, quotas and request ids. */
  reset(): void;
}

/**
 * Creates a fake of api.groq.com. `seed` determines its texts and ids; `now` is the clock in epoch milliseconds; for
 * the settings see `groqSettings`.
 *
 * @throws ZodError for invalid settings
 */
export function createGroq({
  seed,
  now = steadyNow,
  ...settings
}: { seed: string; now?: () => number } & GroqSettingsInput): GroqUpstream {
  const state = new GroqState({ seed, now, settings: groqSettings.parse(settings) });
  return {
    // Handlers are tried in order: the most frequent one is first.
    handlers: [chatCompletions(state), listModels(state), getModel(state)],
    errorResponse: (status) => withGroqHeaders(groqStatusError(status), state.nextId()),
    unknownPath: (method, path) => withGroqHeaders(groqUnknownPath(method, path), state.nextId()),
    get settings() {
      return state.settings;
    },
    configure: (next) => state.configure(groqSettings.parse(next)),
    reset: () => state.reset(),
  };
}
