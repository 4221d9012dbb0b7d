import { z } from 'zod';

/** What a scenario says of itself (scenarios/lib/proof.ts), as the harness reads it. */
export const proofSchema = z.strictObject({
  about: z.string(),
  judges: z.string(),
  clients: z.int().positive(),
  seconds: z.number().positive(),
  conditions: z.array(z.string()),
  beside: z.array(z.array(z.string())).default([]),
  breaker: z.string().optional(),
  profile: z.string().optional(),
  alone: z.boolean().exactOptional(),
  keepsConnections: z.boolean().exactOptional(),
  /** Names of checkers. Whether they exist is checked when a scenario is read: see run/scenario.ts. */
  holds: z.array(z.string()),
});

/** How many processes of the service a scenario has. */
export const processesOf = ({ beside }: Pick<z.output<typeof proofSchema>, 'beside'>): number => 1 + beside.length;
