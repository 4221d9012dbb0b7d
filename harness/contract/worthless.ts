import type { Authentication } from './schema/authentication.ts';

const BY_KIND: Readonly<Record<Authentication['kind'], readonly string[]>> = {
  bearer: ['no token', 'another token'],
  'api-key': ['no key', 'another key'],
  basic: ['no credentials', 'another password', 'unknown user'],
  'bearer-jwt-hs256': ['no token', 'another key', 'no signature', 'expired'],
};

/** Returns the kinds of invalid credentials that a service must refuse. The script creates them, a check expects them. */
export const worthlessOf = ({ kind }: Authentication): readonly string[] => BY_KIND[kind];
