import type { Answer } from '../../../faults/upstream/text-answer.ts';
import type { Standing } from '../../llm/quota-ledger.ts';
import { withHeaders } from '../../llm/with-headers.ts';
import type { AuthenticatedRequest, Fake } from './answer.ts';
import type { Particulars } from './dialect.ts';
import { goDuration } from './go-duration.ts';

/** A valid request, and the tokens that it needs. */
export interface Admission {
  readonly model: string;
  /** The requested service tier. */
  readonly tier?: string | null | undefined;
  /** The number of tokens that a quota must have room for: the prompt's tokens plus the reply's maximum. */
  readonly requestedTokens: number;
  readonly usedTokens: number;
}

/** Handles a request if it fits into the quotas, and rejects it otherwise. Adds the rate-limit headers. */
export function admit(
  { dialect, state }: Fake,
  { organisation, id }: AuthenticatedRequest,
  { model, tier: wanted, requestedTokens, usedTokens }: Admission,
  respond: (particulars: Particulars) => Answer,
): Answer {
  const { usualTier, requestsHeader, refusalHeaders } = dialect.rateLimits;
  const tier = wanted && wanted !== 'auto' ? wanted : usualTier;
  if (tier === 'flex' && !state.ledger.admitFlex()) return dialect.errors.noFlexCapacity();

  const scope = { organisation, model, tier };
  const refusal = state.ledger.admit(scope, {
    requested: { requests: 1, tokens: requestedTokens },
    used: { requests: 1, tokens: usedTokens },
  });
  const response = refusal
    ? withHeaders(dialect.errors.quota(refusal), refusalHeaders(refusal.waitMs))
    : respond({ id, created: Math.floor(state.now() / 1000), model, tier });
  const standing = state.ledger.standing(scope);
  return withHeaders(response, rateLimitHeaders(standing[requestsHeader] as Standing, standing.tpm as Standing));
}

/** Returns the `x-ratelimit-*` headers. Resets are Go durations, rounded down to milliseconds. */
const rateLimitHeaders = (requests: Standing, tokens: Standing): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(requests.limit),
  'x-ratelimit-limit-tokens': String(tokens.limit),
  'x-ratelimit-remaining-requests': String(requests.remaining),
  'x-ratelimit-remaining-tokens': String(tokens.remaining),
  'x-ratelimit-reset-requests': goDuration(Math.floor(requests.resetMs)),
  'x-ratelimit-reset-tokens': goDuration(Math.floor(tokens.resetMs)),
});
