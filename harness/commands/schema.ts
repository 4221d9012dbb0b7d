import { printJson } from '../base/print.ts';
import { contractJsonSchema } from '../contract/json-schema.ts';
import { verdictJsonSchema } from '../verdict/run-result.ts';

const SCHEMAS = { contract: contractJsonSchema, verdict: verdictJsonSchema };

/** Implements `proofload schema`, which prints a JSON Schema. */
export const printSchema = (name: keyof typeof SCHEMAS): void => printJson(SCHEMAS[name]());
