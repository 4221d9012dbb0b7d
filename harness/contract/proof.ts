import { z } from 'zod';
import { plannedPhase } from './phase-shape.ts';

/**
 * The `proof` that each scenario exports: what it does, what it requires, and which checks must pass. It is read before
 * the script runs.
 */
export const proofSchema = z.strictObject({
  /** One sentence about what the scenario does and what must hold. */
  about: z.string(),
  /**
   * The subject that a run doesn't judge if it skips this scenario, in a few words that complete "Not judged: …".
   * `${breaker}` is replaced by the name of the breaker under test. This must be a plain string literal: if the
   * contract promises too little to evaluate the script, it is read from the source code.
   */
  judges: z.string(),
  /**
   * Set this to `breaker` if the script runs once for each breaker in the contract. The context then contains the
   * breaker's name. By default, the script runs once. This must also be a plain string literal.
   */
  each: z.literal('breaker').exactOptional(),
  /** Number of client addresses that the script uses. VU n uses the n-th address. */
  clients: z.int().positive(),
  /**
   * Estimated duration in seconds, based on the numbers in the context (scenarios/lib/lasting.ts). It is shown before a
   * run starts.
   */
  seconds: z.number().positive(),
  /**
   * How many seconds longer the script may take if the service ends no call before its caller leaves. Defaults to none.
   */
  patienceSeconds: z.number().nonnegative().default(0),
  /** Conditions in the contract under which the service is started. */
  conditions: z.array(z.string()),
  /**
   * For each additional service process that uses the same database, the conditions under which it is started. Defaults
   * to none.
   */
  beside: z.array(z.array(z.string())).default([]),
  /** The profile whose numbers the service must meet. Defaults to the run's profile. */
  profile: z.string().optional(),
  /** Whether the scenario measures the machine's capacity, so that no other scenario may run at the same time. */
  alone: z.boolean().exactOptional(),
  /**
   * Whether the scenario compares times of calls that it makes one after another. It then runs after all other
   * scenarios, and only concurrently with scenarios of this kind: one for each processor, because such a scenario
   * rarely keeps more than one busy.
   */
  comparesTimes: z.boolean().exactOptional(),
  /**
   * Whether it draws conclusions from calls that wait at the same time. How many the service works on at once is then
   * measured before it runs, and given to the script and the checkers as `callsAtOnce`.
   */
  holdsCalls: z.boolean().exactOptional(),
  /**
   * Whether clients keep their connections open between requests, as under continuous load. By default, each request
   * opens a new connection, because a server may close an idle one at any time, and a script that pauses would then see
   * meaningless failures.
   */
  keepsConnections: z.boolean().exactOptional(),
  /**
   * Names of the checkers to apply, in addition to those that judge every scenario. run/scenario.ts rejects unknown
   * names.
   */
  holds: z.array(z.string()),
  /**
   * The phases that the script will begin, as far as checkers judge them: one entry for each, without IDs. If a planned
   * phase never begins, its checks are INCONCLUSIVE. If the plan has no phase for a checker, the checker is not
   * applicable. Defaults to no plan: a checker of phases must then judge at least one.
   */
  plan: z.array(plannedPhase).optional(),
});

/** A proof as written in a scenario. Fields that have a default are optional. */
export type Proof = z.input<typeof proofSchema>;

/** A proof as read by the harness, with all defaults filled in. */
export type ReadProof = z.output<typeof proofSchema>;

/** Returns how many service processes a scenario needs. */
export const processesOf = ({ beside }: Pick<ReadProof, 'beside'>): number => 1 + beside.length;
