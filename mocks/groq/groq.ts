import type { Upstream } from '../upstream.ts';
import { chatCompletions } from './chat-completions.ts';
import { groqStatusError, groqUnknownPath } from './errors.ts';
import { listModels } from './models.ts';

/** A fake of api.groq.com. `seed` decides its texts; `now` is the clock in epoch milliseconds. */
export function createGroq({ seed, now = Date.now }: { seed: string; now?: () => number }): Upstream {
  return {
    name: 'groq',
    handlers: [chatCompletions({ seed, now }), listModels],
    errorResponse: groqStatusError,
    unknownPath: groqUnknownPath,
  };
}
