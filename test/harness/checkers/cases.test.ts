import { expect, test } from 'vitest';
import { CHECKERS } from '../../../harness/checkers/index.ts';
import type { Checker, Facts } from '../../../harness/checkers/lib/checker.ts';
import type { Contract } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { promiseAt, promisesOf } from '../../../harness/contract/promises.ts';
import { registeredFaults } from '../../../harness/contract/registered-faults.ts';
import { History } from '../../../harness/history/history.ts';
import { withAllCases } from '../../../harness/judge/expected-cases.ts';
import { begun, request, SILENCE } from '../../../harness/testing/hand-written.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { CONTRACTS } from '../../docs/contracts.ts';
import { contractOf, PARTS, scenariosFor } from '../../scenarios/rehearsal/contracts.ts';
import { oddHistory } from './odd-history.ts';

/** All contracts here: large ones that promise everything between them, and small ones that lack most of it. */
const LOADING: readonly (readonly [name: string, load: () => Promise<Contract>])[] = [
  ...CONTRACTS.map((path) => [path, () => loadContract(path)] as const),
  ...PARTS.map(([name, part]) => [`a contract with ${name}`, () => contractOf(part, name)] as const),
];

/** Checkers that have some findings only if upstreams or limiters did something. Their own tests have such histories. */
const NEEDS_MORE = ['attempts-apart', 'rate-limit-costs', 'recovers', 'specified-recovery'];

/** Returns a history in which the planned phases begin, and calls are made as scripts make them in other phases. */
function historyOf({ contract, numbers, proof }: Facts): History {
  const phases = (proof.plan ?? []).map((data, index) => begun(index + 1, data, index * 1_000, 0));
  const open = Object.keys(contract.endpoints).map((endpoint) => ({ phase: '900', endpoint }));
  const watched = Object.keys(numbers.breakers).flatMap((name) =>
    ['failure of', 'recovery of', 'look at'].map((what) => ({ about: `${what} ${name}` })),
  );
  return new History([
    ...phases,
    begun(900, { action: 'open' }, 800_000, 0),
    ...[...open, ...watched].map((tags) => request(800_001, 5, 0, tags)),
    begun(901, { action: 'end' }, 900_000, 0),
  ]);
}

/** The seeds of odd histories. */
const SEEDS = [1, 2, 3];

/** What a text contains if it was made of something that is missing. */
const UNREADABLE = /\bNaN\b|\bundefined\b|Infinity|\[object |∞/;

/** Returns the texts of findings that nobody can read. */
const unreadableIn = (findings: readonly Finding[]): string[] =>
  findings
    .flatMap(({ check, expected, observed, evidence = [], usually = '', table }) => [
      check,
      expected,
      observed,
      usually,
      ...evidence,
      ...(table?.rows.flat().map(String) ?? []),
    ])
    .filter((text) => UNREADABLE.test(text));

const namesOf = (checks: readonly { readonly check: string }[]): string[] => checks.map(({ check }) => check).sort();

interface Applied {
  readonly checker: Checker;
  readonly facts: Facts;
  /** The paths of what may be judged. */
  readonly promised: readonly string[];
  /** What the test is about, for messages. */
  readonly about: string;
}

/** Returns each checker of each scenario that is not skipped. */
async function appliedTo(contract: Contract): Promise<Applied[]> {
  return (await scenariosFor(contract)).flatMap(({ name, numbers, breaker, proof }) => {
    const facts = {
      contract,
      faults: registeredFaults(),
      numbers,
      noise: SILENCE,
      proof,
      ...(breaker !== undefined && { breaker }),
    };
    // Only a condition says that the database is reached over TLS.
    const promised = [...promisesOf(contract, numbers), ['tls', 'refused']].map((path) => path.join('.'));
    return proof.holds.map((held) => {
      const checker = CHECKERS[held] as Checker;
      return { checker, facts, promised, about: `${held} in ${name}` };
    });
  });
}

const withCases = new Set<string>();

test.each(LOADING)('each checker knows its cases in advance: %s', async (_, load) => {
  const contract = await load();
  for (const { checker, facts, promised, about } of await appliedTo(contract)) {
    const cases = checker.cases?.(facts);
    expect(cases, `${about} needs a plan`).toBeDefined();
    if (cases === undefined) continue;
    const names = namesOf(cases);
    if (names.length > 0) withCases.add(checker.name);
    else expect(checker.without, `${about} says why it has no case`).toMatch(/^\w/);

    const judged = cases.flatMap(({ promises }) => promises.map((path) => (promiseAt(path) ?? path).join('.')));
    expect(promised, `${about} judges only what is promised`).toEqual(expect.arrayContaining(judged));

    const found = checker.judge(historyOf(facts), facts);
    if (NEEDS_MORE.includes(checker.name)) expect(names, about).toEqual(expect.arrayContaining(namesOf(found)));
    else expect(namesOf(found), `the findings of ${about}`).toEqual(names);

    const unseen = withAllCases(checker, checker.judge(new History(), facts), facts);
    expect(namesOf(unseen), `${about} without a record`).toEqual(names);
    for (const seed of SEEDS) {
      const odd = withAllCases(checker, checker.judge(oddHistory(facts, `${about} ${seed}`), facts), facts);
      expect(unreadableIn([...odd, ...unseen]), `the texts of ${about}, seed ${seed}`).toEqual([]);
    }
    const decided = unseen.filter(({ verdict }) => verdict !== 'INCONCLUSIVE');
    expect(namesOf(decided), `${about} decides without a record`).toEqual([]);
  }
});

test('each checker that scenarios list has a case in one of these contracts', () => {
  expect(Object.keys(CHECKERS).filter((name) => !withCases.has(name))).toEqual([]);
});
