import { availableParallelism } from 'node:os';
import { EXIT } from '../../../harness/base/errors.ts';
import { interruption } from '../../../harness/commands/interruption.ts';
import type { Contract } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { words } from '../../support/services.ts';
import { usage } from '../../support/usage.ts';
import { type Difference, differences, isUndecided, type Judgements } from './judgements.ts';
import { runWithBothNames } from './run-with-both-names.ts';
import { type Run, SERVICES } from './services.ts';

/**
 * Implements `make names`: runs services with their contracts, and once more with contracts in which endpoints,
 * upstreams, breakers, limits and refused starts have names that a program could mistake for something else. Each
 * check must have the same verdict in both runs.
 */
const wanted = words('SERVICE');
const unknown = wanted?.find((name) => !SERVICES.some((service) => service.name === name));
if (unknown !== undefined) usage(`SERVICE=${unknown}: allowed: any of ${SERVICES.map(({ name }) => name).join(', ')}`);
const { DEFECT, JOBS } = process.env;
const isChosen = ({ defect = 'good' }: Run): boolean => !DEFECT || defect === DEFECT;
const jobs = Number(JOBS || availableParallelism() + 1);
if (!Number.isInteger(jobs) || jobs < 1) usage(`JOBS=${JOBS}: allowed: any whole number from 1`);

const services = SERVICES.filter((service) => !wanted || wanted.includes(service.name));
if (!services.some(({ runs }) => runs.some(isChosen)))
  usage(`DEFECT=${DEFECT}: there is no such variant of the services`);

const signal = interruption(console.error);
const codes: number[] = [];
for (const { name, contract, runs } of services) {
  const promised = await loadContract(contract);
  for (const run of runs.filter(isChosen)) {
    if (signal.aborted) break;
    codes.push(await compare(name, promised, run));
  }
}
if (signal.aborted) console.log(`not all were run: ${String(signal.reason)}`);
const worst = [EXIT.fail, EXIT.inconclusive].find((code) => codes.includes(code));
process.exitCode = worst ?? (signal.aborted ? EXIT.inconclusive : EXIT.pass);

/** Runs one variant of a service with both contracts, prints what differs, and returns an exit code. */
async function compare(service: string, promised: Contract, run: Run): Promise<number> {
  const began = performance.now();
  const contract = withSettings(promised, run.settings);
  const chosen = { contract, command: run.command, signal };
  let [plain, hostile] = await runWithBothNames({ ...chosen, scenarios: run.scenarios, jobs });
  const again = [
    ...new Set(
      differences(plain, hostile)
        .filter(isUndecided)
        .map(({ scenario }) => scenario),
    ),
  ];
  if (again.length > 0 && !signal.aborted) {
    console.log(`once more, one at a time: ${again.join(', ')}`);
    const [plainAgain, hostileAgain] = await runWithBothNames({ ...chosen, scenarios: again, jobs: 1 });
    [plain, hostile] = [new Map([...plain, ...plainAgain]), new Map([...hostile, ...hostileAgain])];
  }
  if (signal.aborted) return EXIT.inconclusive;
  const found = differences(plain, hostile);
  const counts = countsOf(plain);
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(`${service}, ${run.defect ?? 'good'}: ${counts.text}; ${found.length} differences, ${seconds} s`);
  for (const difference of found) console.log(`  ${said(difference)}`);
  const seen = run.defect === undefined ? counts.passed : counts.failed;
  if (seen === 0) console.log(`  no check ${run.defect === undefined ? 'passed' : 'failed'}, so this proves nothing`);
  if (seen === 0 || found.some((difference) => !isUndecided(difference))) return EXIT.fail;
  return found.length > 0 ? EXIT.inconclusive : EXIT.pass;
}

function withSettings(contract: Contract, settings: Run['settings'] = {}): Contract {
  const { fast } = contract.profiles;
  if (!fast) throw new Error('the contract has no profile "fast"');
  const environment = { ...fast.environment, ...settings };
  return { ...contract, profiles: { ...contract.profiles, fast: { ...fast, environment } } };
}

function countsOf(judgements: Judgements) {
  const all = [...judgements.values()].flatMap((checks) => [...checks.values()]);
  const number = (said: string) => all.filter((text) => text.split(', ').includes(said)).length;
  const [passed, failed, open] = [number('PASS'), number('FAIL'), number('INCONCLUSIVE')];
  const scenarios = [...judgements.values()].filter((checks) => !checks.has('all')).length;
  return { passed, failed, text: `${scenarios} scenarios, ${passed} PASS, ${failed} FAIL, ${open} INCONCLUSIVE` };
}

function said({ scenario, check, plain = 'missing', hostile = 'missing' }: Difference): string {
  return `${scenario} ${check}: ${plain}, with other names ${hostile}`;
}
