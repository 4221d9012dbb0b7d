import { DEFECTS, REFERENCE } from '../defects/catalogue.ts';

/** The contracts of the reference service and of other services with defects, which promise everything between them. */
export const CONTRACTS: readonly string[] = [
  REFERENCE,
  ...[...new Set(DEFECTS.map(({ of }) => of.contract).filter((contract) => contract !== REFERENCE))].sort(),
];
