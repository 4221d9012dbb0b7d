import { DEFECTS } from '../defects/catalogue.ts';

/** The contracts of the reference service and of other services with defects, which promise everything between them. */
export const CONTRACTS: readonly string[] = [
  'service/proofload.config.ts',
  ...[...new Set(DEFECTS.flatMap(({ of }) => (of ? [of.contract] : [])))].sort(),
];
