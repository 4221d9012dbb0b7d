import type { Amount } from './amount.ts';
import type { Route } from './routes.ts';

/** A rate limiter in the code, and the routes that it limits. */
export interface FoundLimiter {
  readonly from: string;
  readonly max: Amount;
  readonly seconds: Amount;
  readonly window: 'first-request' | 'clock' | 'sliding' | 'weighted' | 'token-bucket';
  /** Why a contract can't describe it, if so. */
  readonly unsaid?: string | undefined;
  /** How it identifies clients, or undefined if that is not clear. */
  readonly client: string | undefined;
  readonly routes: readonly Pick<Route, 'method' | 'path'>[];
}
