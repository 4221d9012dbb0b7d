import { steadyNow } from '../../engine/base/epoch-clock.ts';
import type { Upstream } from '../../faults/upstream/upstream.ts';
import { withGroqHeaders } from './answer.ts';
import { chatCompletions } from './chat-completions.ts';
import { groqStatusError, groqUnknownPath } from './errors.ts';
import { GroqState } from './groq-state.ts';
import { getModel, listModels } from './models.ts';
import { type GroqSettings, type GroqSettingsInput, groqSettings } from './settings.ts';

/** A fake of Groq, which can be set while it runs. */
export interface GroqUpstream extends Upstream {
  /** What it is set to. */
  readonly settings: GroqSettings;
  /** Replaces all settings (what is left out gets its default) and counts the quotas anew. @throws ZodError */
  configure(settings: GroqSettingsInput): void;
  /** Back to the settings it was made with, with nothing used, and the ids of requests from the first one on. */
  reset(): void;
}

/**
 * A fake of api.groq.com. `seed` decides its texts and ids; `now` is the clock in epoch milliseconds; for the settings
 * see `groqSettings`.
 *
 * @throws ZodError for settings that break the rules
 */
export function createGroq({
  seed,
  now = steadyNow,
  ...settings
}: { seed: string; now?: () => number } & GroqSettingsInput): GroqUpstream {
  const state = new GroqState({ seed, now, settings: groqSettings.parse(settings) });
  return {
    // The one that is asked most stands first: they are tried in order.
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
