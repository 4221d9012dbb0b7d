import { z } from 'zod';
import { judgedNumbers, promises } from '../contract/contract.ts';
import { faultNatures } from '../contract/known-faults.ts';
import { proofSchema } from '../contract/proof.ts';
import { noiseFloor } from '../machine/noise-floor.ts';

/**
 * The version of the file format and of its events' meaning. Increment it if older readers would misunderstand either.
 */
export const VERSION = 8;

/**
 * The first line of a history. It contains everything needed to judge the history again, including the scenario's proof
 * and the relevant part of the contract. The start command and the settings are omitted because they may contain
 * secrets.
 */
export const historyHeader = z.strictObject({
  type: z.literal('header'),
  format: z.literal('proofload history'),
  version: z.literal(VERSION),
  scenario: z.string(),
  /** Its script's name, such as `chaos/outage`. */
  script: z.string(),
  /** The breaker under test, if there is one. */
  breaker: z.string().exactOptional(),
  /** When the scenario started, in milliseconds since the epoch. */
  began: z.number(),
  profile: z.string(),
  seed: z.int(),
  engine: z.strictObject({ name: z.string(), version: z.string() }),
  /** The machine's timing noise at the start of the run. */
  noise: noiseFloor,
  /** How many calls the service works on at once. Absent if no bound is known. */
  callsAtOnce: z.int().positive().exactOptional(),
  /** Why this could not be measured, if so. */
  callsNotMeasured: z.string().exactOptional(),
  /** Whether clients had public addresses, and not those of loopback. */
  publicClients: z.literal(true).exactOptional(),
  /** The command to run the scenario again. */
  again: z.string(),
  proof: proofSchema,
  contract: promises,
  /**
   * The facts about the kinds of faults, including a team's own, which may be missing when the history is judged again.
   */
  faults: faultNatures,
  numbers: judgedNumbers,
});

export type HistoryHeader = z.output<typeof historyHeader>;
