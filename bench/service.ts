import { median } from '../harness/base/median.ts';
import type { Contract } from '../harness/contract/contract.ts';
import { loadContract } from '../harness/contract/load.ts';
import { startLab } from '../harness/lab/lab.ts';
import { REFERENCE_CONTRACT } from '../harness/run/again.ts';
import { BenchResults } from './lib/bench-results.ts';
import type { Figure } from './lib/figures.ts';
import { generateLoad } from './lib/generate-load.ts';
import type { LoadResult, Shot } from './lib/load.ts';
import { measuring } from './lib/measuring.ts';
import { measureRound, type Round } from './service/measure.ts';
import { startServices, type VariantName } from './service/services.ts';
import { bearer, USER } from './service/user.ts';

const QUICK = process.argv.includes('--quick');
const ROUNDS = QUICK ? 3 : 11;
const ROUND_SECONDS = QUICK ? 1 : 2;
const REFUSALS_PER_SECOND = 500;
const REFUSAL_ROUNDS = QUICK ? 3 : 7;
const REFUSAL_SECONDS = 3;
/**
 * Long enough for V8 to compile the code with which the service rejects requests. This happened after about 7,000
 * requests.
 */
const REFUSAL_WARM_UP_SECONDS = 15;
/** If the generator is later than this, it can't tell whether a request was rejected within 2 ms. */
const GENERATOR_LATE_MS = 1;

/** Routes that do the service's main work, each with a request that succeeds. */
const ROUTES = ['conversation-end', 'activities-suggest', 'conversation-read'];

const COMPARED = ['bare', 'protected', 'limited', 'refusing'] as const satisfies VariantName[];
type Compared = (typeof COMPARED)[number];
type Rounds = Record<Compared, Round[]>;

/**
 * Implements `make bench-service`, which measures the cost of the protections as ratios within a single run. The
 * service's variants take turns in every round, in alternating order, so that a busy machine affects all of them
 * equally. The figures are medians over all rounds except the first, in which code is still being compiled.
 */
async function main(): Promise<void> {
  const contract = await loadContract(REFERENCE_CONTRACT);
  const results = await BenchResults.open('bench-service');
  const { POSTGRES: postgres = 'auto' } = process.env;
  await using lab = await startLab({ postgres, contract });
  const figures: Figure[] = [];
  {
    await using services = await startServices(lab, contract, results.folder, COMPARED);
    for (const route of ROUTES) figures.push(...(await compare(contract, route, services.urls)));
  }
  // The remaining measurements are in milliseconds, so stop each variant as soon as it is no longer needed.
  await using services = await startServices(lab, contract, results.folder, ['broken']);
  for (const breaker of Object.keys(contract.breakers))
    figures.push(...(await refuseOpen(contract, breaker, services.urls.broken)));
  await results.judge(figures, { quick: QUICK });
}

async function compare(contract: Contract, route: string, urls: Record<Compared, string>): Promise<Figure[]> {
  measuring(`${route}: ${COMPARED.join(', ')}`);
  const shot = await shotOf(contract, route);
  const served = contract.endpoints[route]?.served ?? [];
  const rounds: Rounds = { bare: [], protected: [], limited: [], refusing: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of round % 2 === 0 ? COMPARED : COMPARED.toReversed()) {
      const refused = name === 'limited' || name === 'refusing';
      // The day's first requests are still served.
      const expected = !refused ? served : round === 0 ? [...served, 429] : [429];
      const measured = await measureRound(urls[name], shot, ROUND_SECONDS, expected);
      if (round > 0) rounds[name].push(measured);
    }
  }
  const ratio = (what: keyof Round, above: keyof Rounds, below: keyof Rounds) =>
    median(rounds[above].map((round, index) => round[what] / (rounds[below][index]?.[what] ?? Number.NaN)));
  const from = (what: keyof Round, unit: string, ...names: (keyof Rounds)[]) =>
    names.map((name) => `${name} ${median(rounds[name].map((round) => round[what])).toFixed(0)} ${unit}`).join(', ');
  return [
    {
      what: 'throughput, protected ÷ bare',
      of: route,
      unit: '',
      bound: { atLeast: 0.9 },
      value: ratio('perSecond', 'protected', 'bare'),
      from: from('perSecond', '/s', 'protected', 'bare'),
    },
    {
      what: 'CPU, protected ÷ bare',
      of: route,
      unit: '',
      value: ratio('cpuMicroseconds', 'protected', 'bare'),
      from: from('cpuMicroseconds', 'µs', 'protected', 'bare'),
    },
    {
      what: 'CPU, refused (429) ÷ served',
      of: route,
      unit: '',
      value: ratio('cpuMicroseconds', 'limited', 'protected'),
      from: from('cpuMicroseconds', 'µs', 'limited', 'protected'),
    },
    {
      // How cheap a refusal can be depends on the machine more than on the service, so compare it with Node's own cost.
      what: 'CPU, refused (429) ÷ refused by node:http alone',
      of: route,
      unit: '',
      bound: { atMost: 4 },
      value: ratio('cpuMicroseconds', 'limited', 'refusing'),
      from: from('cpuMicroseconds', 'µs', 'limited', 'refusing'),
    },
  ];
}

/**
 * Measures how quickly an open breaker rejects requests. A request whose event must be stored first has to wait for the
 * disk, whose 99th percentile alone exceeds the bound on many machines. That time is reported for information only. The
 * bound applies to a request that has nothing left to store.
 */
async function refuseOpen(contract: Contract, breaker: string, url: string): Promise<Figure[]> {
  measuring(`the open breaker ${breaker}`);
  const { endpoint = '', refusal = 0 } = contract.breakers[breaker] ?? {};
  const shot = await shotOf(contract, endpoint);
  const again = JSON.parse(JSON.stringify(shot).replaceAll('${unique}', 'again')) as Shot;
  // Open the breaker. Until it is open, every call fails.
  await generateLoad({ url, shot: again, seconds: 1, pace: { connections: 1 } }, [502, refusal]);
  const what = `p99 of refusals, ${breaker} breaker open`;
  const bounded = { what, of: endpoint, ...(await refusals(url, again, refusal)), bound: { atMost: 2 } };
  if (JSON.stringify(shot) === JSON.stringify(again)) return [bounded];
  return [bounded, { what, of: `${endpoint}, a new row in each`, ...(await refusals(url, shot, refusal)) }];
}

async function refusals(url: string, shot: Shot, refusal: number) {
  const pace = { perSecond: REFUSALS_PER_SECOND };
  const rounds: LoadResult[] = [];
  await generateLoad({ url, shot, seconds: REFUSAL_WARM_UP_SECONDS, pace }, [refusal]);
  for (let round = 0; round < REFUSAL_ROUNDS; round += 1) {
    rounds.push(await generateLoad({ url, shot, seconds: REFUSAL_SECONDS, pace }, [refusal]));
  }
  const lateBy = median(rounds.map(({ lateMs }) => lateMs));
  const generator = `99 % sent within ${lateBy.toFixed(1)} ms of their time`;
  const p50 = median(rounds.map(({ ms }) => ms.p50)).toFixed(2);
  return {
    value: median(rounds.map(({ ms }) => ms.p99)),
    unit: ' ms',
    from: `p50 ${p50} ms; ${REFUSALS_PER_SECOND}/s for ${REFUSAL_SECONDS} s; ${generator}`,
    ...(lateBy > GENERATOR_LATE_MS && { unsound: `the machine was too busy: ${generator}` }),
  };
}

async function shotOf(contract: Contract, endpoint: string): Promise<Shot> {
  const { method = 'GET', path = '/', body, user } = contract.endpoints[endpoint] ?? {};
  const spoken = user && body ? JSON.parse(JSON.stringify(body).replaceAll(user, USER)) : body;
  return { method: method as Shot['method'], path, body: spoken, headers: await bearer() };
}

await main();
