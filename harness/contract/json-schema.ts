import { z } from 'zod';
import { contractSchema } from './contract.ts';

/** Returns the JSON Schema for contract files. It is published as schemas/contract.schema.json for editors. */
export const contractJsonSchema = (): object => ({
  title: 'proofload contract: what a service promises, and how it is started',
  ...z.toJSONSchema(contractSchema, { io: 'input' }),
});
