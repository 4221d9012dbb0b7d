import { steadyNow } from '../../faults/base/steady-now.ts';
import type { Route } from '../../faults/upstream/route.ts';
import type { Upstream } from '../../faults/upstream/upstream.ts';
import { LlmState } from '../llm/llm-state.ts';
import { withHeaders } from '../llm/with-headers.ts';
import { chatCompletions } from './chat/chat-completions.ts';
import type { Dialect, DialectState } from './dialect/dialect.ts';
import { getModel, listModels } from './dialect/models.ts';
import { type DialectSettings, type DialectSettingsInput, dialectSettings, QUOTA_RULES } from './dialect/settings.ts';
import { embeddings } from './embeddings/embeddings.ts';
import { responses } from './responses/responses.ts';
import { StoredResponses } from './responses/stored-responses.ts';

/** A fake with an OpenAI-compatible API that can be reconfigured while it runs. */
export interface DialectUpstream extends Upstream<Route> {
  /** The current settings. */
  readonly settings: DialectSettings;
  /**
   * Replaces all settings (omitted ones get their defaults) and resets quota usage.
   *
   * @throws ZodError
   */
  configure(settings: DialectSettingsInput): void;
  /** Restores the initial settings, quotas and request IDs. */
  reset(): void;
}

/**
 * Options for a fake. `seed` determines its texts and IDs, and `now` returns the time in milliseconds since the epoch.
 */
export type FakeOptions = { readonly seed: string; readonly now?: () => number } & DialectSettingsInput;

/**
 * Creates a fake of a provider with an OpenAI-compatible API.
 *
 * @throws ZodError for invalid settings
 */
export function createFake(dialect: Dialect, { seed, now = steadyNow, ...settings }: FakeOptions): DialectUpstream {
  const { catalogue, errors, rateLimits } = dialect;
  const tierFactor = (tier: string) => (tier === 'flex' ? rateLimits.flexFactor : 1);
  const parsed = dialectSettings.parse(settings);
  const state: DialectState = new LlmState({ seed, now, settings: parsed, catalogue, rules: QUOTA_RULES, tierFactor });
  const fake = { dialect, state };
  const stored = new StoredResponses();
  const finish = (response: Response) => withHeaders(response, dialect.headers(state.nextId(), 0));
  return {
    // Handlers are tried in order, so the most frequently used one comes first.
    handlers: [
      chatCompletions(fake),
      ...responses(fake, stored),
      ...(dialect.hasEmbeddings ? [embeddings(fake)] : []),
      listModels(fake),
      getModel(fake),
    ],
    errorResponse: (status) => finish(errors.status(status)),
    unknownPath: (method, path) => finish(errors.unknownPath(method, path)),
    get settings() {
      return state.settings;
    },
    configure: (next) => state.configure(dialectSettings.parse(next)),
    reset() {
      state.reset();
      stored.clear();
    },
  };
}
