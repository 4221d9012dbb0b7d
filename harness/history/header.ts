import { z } from 'zod';
import { judgedNumbers, promises } from '../contract/contract.ts';
import { proofSchema } from '../contract/proof.ts';
import { noiseFloor } from '../machine/noise-floor.ts';

/** Version of the file and of the meaning of its events. Increment it if an older reader would misunderstand either. */
export const VERSION = 4;

/**
 * The first line of a history: everything that is needed to judge it again, with the proof of the scenario and the
 * judged part of the contract. Start command and settings are left out, because they may contain secrets.
 */
export const historyHeader = z.strictObject({
  type: z.literal('header'),
  format: z.literal('proofload history'),
  version: z.literal(VERSION),
  scenario: z.string(),
  /** Start of the scenario, in milliseconds since the epoch. */
  began: z.number(),
  profile: z.string(),
  seed: z.int(),
  engine: z.strictObject({ name: z.string(), version: z.string() }),
  /** The timing noise of the machine at the start of the run. */
  noise: noiseFloor,
  /** The command that runs the scenario again. */
  again: z.string(),
  proof: proofSchema,
  contract: promises,
  numbers: judgedNumbers,
});

export type HistoryHeader = z.output<typeof historyHeader>;
