import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Defect, Defects, Variant } from './defect.ts';

const FOLDER = 'test/defects';

/** The path of the reference service's contract. */
export const REFERENCE = 'service/proofload.config.ts';

/** Every service with a known defect, found in the folders beside this file, sorted by what must catch it. */
export const DEFECTS: readonly Defect[] = [...(await ofReference()), ...(await ofContracts())].sort((a, b) =>
  keyOf(a) < keyOf(b) ? -1 : 1,
);

function keyOf({ scenario, checker, name }: Defect): string {
  return [scenario, checker, name].join(' ');
}

/** Returns the variants of the reference service. Each file in services/ has those that a family of checkers must catch. */
async function ofReference(): Promise<Defect[]> {
  const files = await Array.fromAsync(glob(`${FOLDER}/services/*.ts`));
  const found = files.map(async (program) => {
    const { defects } = await load<{ defects: readonly Variant[] }>(program);
    return defects.map((variant) => ({ ...variant, of: { contract: REFERENCE, program } }));
  });
  return (await Promise.all(found)).flat();
}

/** Returns the defects of other services. Their contracts export what must catch them. The programs are not imported. */
async function ofContracts(): Promise<Defect[]> {
  const files = await Array.fromAsync(glob(`${FOLDER}/!(services)/*.ts`));
  const listing = await Promise.all(
    files.map(async (file) => (/^export const defects\b/m.test(await readFile(file, 'utf8')) ? [file] : [])),
  );
  const found = listing.flat().map(async (contract) => {
    const { defects } = await load<{ defects: Defects }>(contract);
    const of = { contract, program: join(dirname(contract), defects.program) };
    return defects.caught.map((caught) => ({ ...caught, of }));
  });
  return (await Promise.all(found)).flat();
}

async function load<Exports>(file: string): Promise<Exports> {
  return (await import(pathToFileURL(file).href)) as Exports;
}
