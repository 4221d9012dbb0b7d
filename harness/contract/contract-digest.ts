import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Contract, judgedNumbers, type Numbers, promises } from './contract.ts';

/** Returns a text that changes if the contract's promises with these numbers change. */
export function contractDigest(contract: Contract, numbers: Numbers): string {
  const judged = [z.object(promises.shape).parse(contract), z.object(judgedNumbers.shape).parse(numbers)];
  return createHash('sha256').update(JSON.stringify(judged)).digest('hex').slice(0, 16);
}
