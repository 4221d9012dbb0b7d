import type { WireMutant } from '../wire-mutant.ts';
import { ANSWER_MUTANTS } from './answers.ts';
import { BREAKER_MUTANTS } from './breakers.ts';
import { DATABASE_MUTANTS } from './database.ts';
import { END_MUTANTS } from './ends.ts';
import { INSTEAD_MUTANTS } from './instead.ts';
import { LOAD_MUTANTS } from './load.ts';
import { RATE_LIMIT_MUTANTS } from './rate-limits.ts';
import { RETRY_AFTER_MUTANTS } from './retry-after.ts';
import { SECRET_MUTANTS } from './secrets.ts';
import { START_MUTANTS } from './starts.ts';
import { STREAM_MUTANTS } from './streams.ts';
import { UPSTREAM_MUTANTS } from './upstream-calls.ts';
import { WAIT_MUTANTS } from './waits.ts';
import { WORK_MUTANTS } from './work.ts';

/** All wire mutants. */
export const WIRE_MUTANTS: readonly WireMutant[] = [
  ...ANSWER_MUTANTS,
  ...END_MUTANTS,
  ...UPSTREAM_MUTANTS,
  ...WAIT_MUTANTS,
  ...WORK_MUTANTS,
  ...INSTEAD_MUTANTS,
  ...STREAM_MUTANTS,
  ...BREAKER_MUTANTS,
  ...RATE_LIMIT_MUTANTS,
  ...RETRY_AFTER_MUTANTS,
  ...DATABASE_MUTANTS,
  ...LOAD_MUTANTS,
  ...START_MUTANTS,
  ...SECRET_MUTANTS,
];
