import { Argument, Command } from 'commander';
import { printJson } from '../base/print.ts';
import { contractJsonSchema } from '../contract/json-schema.ts';
import { verdictJsonSchema } from '../verdict/run-result.ts';

const SCHEMAS = { contract: contractJsonSchema, verdict: verdictJsonSchema };

/** Implements `proofload schema`, which prints a JSON Schema. */
export const schema = (): Command =>
  new Command('schema')
    .addArgument(new Argument('<name>').choices(Object.keys(SCHEMAS)))
    .action((name: keyof typeof SCHEMAS) => printJson(SCHEMAS[name]()));
