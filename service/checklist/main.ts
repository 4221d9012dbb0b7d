import { styleText } from 'node:util';
import Table from 'cli-table3';
import { goThrough } from './checklist.ts';
import type { Mark } from './items/item.ts';
import { observeCertificates } from './observe/observe-certificates.ts';
import { observePackages, observeStress } from './observe/observe-checkout.ts';
import { observeDatabase } from './observe/observe-database.ts';
import { observeService } from './observe/observe-service.ts';

const STYLES = { HOLDS: 'green', WARNING: 'yellow', FAILS: 'red', UNKNOWN: 'yellow' } as const satisfies Record<
  Mark,
  string
>;

/**
 * Implements `make checklist`. Evaluates the deployment checklist against a running service (URL) and its database
 * (DATABASE_URL) with REPLICAS replicas, and prints the evidence for each item. Exits with 0 if all items hold, possibly
 * with warnings, 1 if an item fails or is unknown, and 2 if REPLICAS is invalid.
 */
async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const { URL: url, DATABASE_URL: databaseUrl, REPLICAS = '1', RESULTS = 'results' } = environment;
  if (!/^[1-9]\d{0,5}$/.test(REPLICAS)) {
    console.error(`REPLICAS=${REPLICAS} is not allowed: it must be a whole number from 1`);
    process.exitCode = 2;
    return;
  }
  const checkout = process.cwd();
  const [service, slots, packages, stress] = await Promise.all([
    observeDeployment(url),
    observeDatabase(databaseUrl),
    observePackages(checkout),
    observeStress(checkout, RESULTS),
  ]);
  const findings = goThrough({ ...service, slots, packages, stress, replicas: Number(REPLICAS), now: Date.now() });

  const table = new Table({
    head: ['item', '', 'evidence'],
    colWidths: [30, 9, 90],
    wordWrap: true,
    style: { head: [] },
  });
  for (const { title, mark, evidence } of findings) table.push([title, styleText(STYLES[mark], mark), evidence]);
  console.log(table.toString());
  const open = findings.filter(({ mark }) => mark === 'FAILS' || mark === 'UNKNOWN');
  const warnings = findings.filter(({ mark }) => mark === 'WARNING').length;
  const held = warnings === 0 ? 'All items hold.' : `All items hold, ${warnings} with a warning.`;
  console.log(open.length === 0 ? held : `${open.length} of ${findings.length} items fail or are unknown.`);
  process.exitCode = open.length === 0 ? 0 : 1;
}

/** The certificates are those of the external APIs that the service calls. */
async function observeDeployment(url: string | undefined) {
  const service = await observeService(url);
  return { ...service, certificates: await observeCertificates(service.metrics) };
}

await main(process.env);
