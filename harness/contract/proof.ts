import { z } from 'zod';

/**
 * What each scenario exports as `proof`: what it does, what it needs, and which checks must hold. It is read before the
 * script runs.
 */
export const proofSchema = z.strictObject({
  /** One sentence: what the scenario does, and what must hold. */
  about: z.string(),
  /**
   * What a run has not judged if it skips this scenario, in a few words that complete "Not judged: …". `${breaker}`
   * stands for the breaker under test. Write it as a plain string literal: if the contract promises too little to
   * evaluate the script, it is read from the source text.
   */
  judges: z.string(),
  /**
   * `breaker`: the script runs once for each breaker of the contract, whose name is in the context. Default: it runs
   * once. Write it as a plain string literal, too.
   */
  each: z.literal('breaker').exactOptional(),
  /** Number of client addresses that the script sends from: VU n uses the n-th. */
  clients: z.int().positive(),
  /**
   * Estimated duration in seconds, from the numbers in the context (scenarios/lib/lasting.ts). Shown before a run
   * starts.
   */
  seconds: z.number().positive(),
  /** Conditions of the contract that the service is started under. */
  conditions: z.array(z.string()),
  /** The conditions of each further process of the service on the same database. Default: none. */
  beside: z.array(z.array(z.string())).default([]),
  /** The profile whose numbers the service must meet. Default: the profile of the run. */
  profile: z.string().optional(),
  /** Whether it measures the machine's capacity, so that no other scenario may run at the same time. */
  alone: z.boolean().exactOptional(),
  /**
   * Whether clients keep their connections between requests, for a continuous load. By default, each request opens its
   * own: a server may close an idle connection at any time, and a script that pauses would see failures that mean
   * nothing.
   */
  keepsConnections: z.boolean().exactOptional(),
  /**
   * Names of the checkers that must hold, in addition to those that judge every scenario. run/scenario.ts rejects
   * unknown names.
   */
  holds: z.array(z.string()),
});

/** A proof as a scenario writes it: fields with a default may be left out. */
export type Proof = z.input<typeof proofSchema>;

/** A proof as the harness reads it, with all defaults filled in. */
export type ReadProof = z.output<typeof proofSchema>;

/** Returns the number of service processes that a scenario needs. */
export const processesOf = ({ beside }: Pick<ReadProof, 'beside'>): number => 1 + beside.length;
