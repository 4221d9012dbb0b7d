import { z } from 'zod';
import { contractSchema } from './contract.ts';

/** The JSON Schema of a contract file, as editors use it; `schemas/contract.schema.json` holds it. */
export const contractJsonSchema = (): object => ({
  title: 'proofload contract: what a service promises, and how it is started',
  ...z.toJSONSchema(contractSchema, { io: 'input' }),
});
