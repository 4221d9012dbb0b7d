import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { contractJsonSchema } from '../../../harness/contract/json-schema.ts';

test('the published JSON Schema matches the contract schema (see make schemas)', async () => {
  expect(JSON.parse(await readFile('schemas/contract.schema.json', 'utf8'))).toEqual(contractJsonSchema());
});
