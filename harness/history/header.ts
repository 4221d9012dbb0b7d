import { z } from 'zod';
import { judgedNumbers, promises } from '../contract/contract.ts';
import { proofSchema } from '../contract/proof.ts';
import { noiseFloor } from '../machine/noise-floor.ts';

/** Of the file's form and of the meaning of its events: raised when a reader of before would get either wrong. */
export const VERSION = 4;

/**
 * What a history is of, and all that it takes to judge it again: the scenario's proof, and what the contract promises.
 * How the service is started is left out: it judges nothing, and may hold secrets.
 */
export const historyHeader = z.strictObject({
  type: z.literal('header'),
  format: z.literal('proofload history'),
  version: z.literal(VERSION),
  scenario: z.string(),
  /** When it began, in milliseconds since the epoch. */
  began: z.number(),
  profile: z.string(),
  seed: z.int(),
  engine: z.strictObject({ name: z.string(), version: z.string() }),
  /** Of the machine, at the start of the run. */
  noise: noiseFloor,
  /** The command that runs it again. */
  again: z.string(),
  proof: proofSchema,
  contract: promises,
  numbers: judgedNumbers,
});

export type HistoryHeader = z.output<typeof historyHeader>;
