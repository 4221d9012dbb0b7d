import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newToken } from '../../faults/base/token.ts';
import { now } from '../base/clock.ts';
import { EXIT, isSystemError, knownError, messageOf, outputOf } from '../base/errors.ts';
import { listen } from '../base/listen.ts';
import { secrets } from '../base/secrets.ts';
import { notWritten, whyUnwritten } from '../base/written.ts';
import { countConnections } from '../checkers/index.ts';
import { type Contract, judgedNumbers, promises } from '../contract/contract.ts';
import { registeredFaults } from '../contract/registered-faults.ts';
import { SCRIPT_SOURCES } from '../contract/scenario-scripts.ts';
import { type ScriptContext, scriptContext } from '../contract/script-context.ts';
import { withoutTimeouts } from '../contract/timeout-settings.ts';
import { withUpstreamAddresses } from '../contract/upstream-addresses.ts';
import type { Engine } from '../engine/engine.ts';
import { readSamples } from '../engine/engine-samples.ts';
import { followSamples } from '../engine/follow-samples.ts';
import { runScript } from '../engine/run-script.ts';
import type { HistoryEvent, RequestSample } from '../history/events.ts';
import { type HistoryHeader, VERSION } from '../history/header.ts';
import { History } from '../history/history.ts';
import { writeHistory } from '../history/history-file.ts';
import { moveRedacted } from '../history/move-redacted.ts';
import { Recording } from '../history/recording.ts';
import { factsOf, historyOf, judgeFolder, judgeRecorded } from '../judge/judge-folder.ts';
import type { Lab } from '../lab/lab.ts';
import { controlApi } from '../lab/lab-api.ts';
import { ScenarioLab } from '../lab/scenario-lab.ts';
import type { NoiseFloor } from '../machine/noise-floor.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { ScenarioWatcher } from '../report/live/display.ts';
import { type Finding, worst } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { clientAddresses, clientPrefix } from './client-addresses.ts';
import { endEarly } from './end-early.ts';
import { limitMs } from './how-long.ts';
import type { Recorded } from './mutated-run.ts';
import { runnableScript } from './runnable-script.ts';
import type { Scenario } from './scenario.ts';

export interface ScenarioRun {
  scenario: Scenario;
  contract: Contract;
  lab: Lab;
  engine: Engine;
  noise: NoiseFloor;
  /** The folder for everything that the scenario writes. It is created if necessary. */
  folder: string;
  profile: string;
  seed: number;
  /** The command to run the scenario again. */
  again: string;
  /** How many calls the service works on at once, if a bound is known and the scenario depends on it. */
  callsAtOnce?: number | undefined;
  /** Why this could not be measured, if so. */
  callsNotMeasured?: string | undefined;
  /** Whether clients have public addresses. Defaults to those of loopback. */
  publicClients?: true;
  signal: AbortSignal;
  watcher: ScenarioWatcher;
}

/**
 * Runs a scenario with a new service process, always writes its history, and judges that file. The verdict depends only
 * on the file, so the scenario can be judged again. If the disk is full, it judges what it has recorded: a failure
 * remains one, and everything else is INCONCLUSIVE.
 */
export async function runScenario(run: ScenarioRun): Promise<ScenarioResult> {
  const header = headerOf(run, now());
  const history = new History([], (event) => run.watcher.see(event));
  const recording = new Recording(history);
  const recorded = { history, facts: factsOf(header) };
  const path = historyOf(run.folder);
  const unwritten: string[] = [];
  try {
    await unlessFull(run.folder, mkdir(run.folder, { recursive: true }), unwritten);
    await unlessFull(run.folder, recordWhole(run, recorded, recording), unwritten);
  } finally {
    recording.end();
    await unlessFull(path, writeHistory(path, { header, history, ended: now() }), unwritten);
  }
  const result =
    unwritten.length === 0
      ? await judgeFolder(run.folder)
      : notRecorded(await judgeRecorded({ header, history, ended: now() }, run.folder), unwritten);
  await run.scenario.mutation?.judged(result, recorded);
  return result;
}

/** Errors of the operating system if there is no room for a file. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS'];

/** Waits for something that writes files. If the disk is full, adds the reason and continues. */
async function unlessFull(path: string, writing: Promise<unknown>, unwritten: string[]): Promise<void> {
  try {
    await writing;
  } catch (error) {
    const isFull = isSystemError(error) && FULL.includes(error.code ?? '');
    const why = isFull ? notWritten(path, error).message : whyUnwritten(error);
    if (why === undefined) throw error;
    unwritten.push(why);
  }
}

/** Adds the reason why a scenario was not recorded. Without its record, it can't be judged again. */
function notRecorded(result: ScenarioResult, [why = '']: readonly string[]): ScenarioResult {
  const finding: Finding = {
    check: 'record written',
    expected: 'all files of the scenario are written',
    observed: why,
    verdict: 'INCONCLUSIVE',
    lasting: true,
  };
  const findings = [finding, ...result.findings];
  return { ...result, findings, verdict: worst(findings.map(({ verdict }) => verdict)) };
}

function headerOf(
  { scenario, contract, engine, noise, seed, profile, again, ...measured }: ScenarioRun,
  began: number,
): HistoryHeader {
  const { callsAtOnce, callsNotMeasured, publicClients } = measured;
  return {
    type: 'header',
    format: 'proofload history',
    version: VERSION,
    began,
    scenario: scenario.name,
    script: scenario.script.name,
    ...(scenario.breaker !== undefined && { breaker: scenario.breaker }),
    profile,
    seed,
    engine: { name: engine.name, version: engine.version },
    noise,
    ...(callsAtOnce !== undefined && { callsAtOnce }),
    ...(callsNotMeasured !== undefined && { callsNotMeasured }),
    ...(publicClients && { publicClients }),
    again,
    proof: scenario.proof,
    // Write only the fields that checkers read: see the schemas.
    contract: z.object(promises.shape).parse(contract),
    numbers: z.object(judgedNumbers.shape).parse(scenario.numbers),
    faults: registeredFaults(),
  };
}

/** Records a scenario. If PostgreSQL ends meanwhile, nothing can be judged, and other errors follow from it. */
async function recordWhole(run: ScenarioRun, recorded: Recorded, recording: Recording): Promise<void> {
  const gone = () => run.lab.postgres?.gone?.();
  await record(run, recorded, recording).catch((error) => {
    if (gone() === undefined) throw error;
  });
  const how = gone();
  const problem = `POSTGRES_FAILED: PostgreSQL of the lab is gone: ${how}. Something else has ended it, such as a lack of memory`;
  if (how !== undefined) recording.add({ type: 'set-up', at: now(), problem, output: [] });
}

async function record(
  { scenario, ...run }: ScenarioRun,
  { history, facts }: Recorded,
  recording: Recording,
): Promise<void> {
  const { lab, engine, folder, seed, signal, watcher, callsAtOnce, publicClients } = run;
  const { clients, keepsConnections = false, profile } = scenario.proof;
  // A scenario with its own profile judges that profile's settings and the defaults.
  const contract = profile === undefined ? run.contract : withoutTimeouts(run.contract);
  // A service that doesn't have a protection has no condition to disable it.
  const known = (conditions: readonly string[]) =>
    conditions.filter((condition) => Object.hasOwn(contract.conditions, condition));
  const conditions = known(scenario.proof.conditions);
  const beside = scenario.proof.beside.map(known);
  const { numbers, breaker, mutation } = scenario;
  const countsConnections = countConnections(scenario.proof.holds);
  const parts = { contract, numbers, breaker, conditions, beside, folder, mutation, countsConnections };
  const started = { ...parts, lab, history: recording };
  await using bench = await ScenarioLab.open(started).catch((error) => {
    // Otherwise, this is why.
    if (lab.postgres?.gone?.() === undefined) recording.add(setUpProblem(error));
    return undefined;
  });
  if (!bench) return;
  const token = newToken();
  secrets.hide(token);
  await using api = await listen(controlApi(bench, token));
  const over = new AbortController();
  bench.gone.then(() => over.abort('the service has exited'));
  // The engine's files may contain secrets, and must not remain if the harness is killed.
  await using own = await temporaryFolder(lab.reaper, join(folder, '.engine-'));
  const samples = join(own.path, 'samples.json');
  await using _following = watcher.request && follow(samples, watcher.request);
  const { isEnough } = mutation ?? {};
  const end = () => over.abort('all of its mutants were caught');
  const receipts = async () => (await bench.receipts()).receipts;
  const isRestarting = () => bench.isRestarting;
  const quietSince = () => bench.quietSince;
  await using _watching =
    isEnough && endEarly({ history, facts, samples, receipts, isEnough, quietSince, isRestarting, end });
  const addresses = {
    services: bench.urls,
    lab: { url: api.url, token },
    upstreamUrls: lab.fakes.upstreams,
    clientPrefix: clientPrefix(contract.client, seed),
  };
  const called = withUpstreamAddresses(contract, lab.fakes.upstreams);
  const { leakTargets, tracePrefix } = bench;
  const context = scriptContext(called, numbers, addresses, bench.environment, scenario.breaker);
  const files = await runScript(engine, {
    script: await runnableScript(engine, scenario.script, own.path),
    sources: SCRIPT_SOURCES,
    folder: own.path,
    environment: {
      PROOFLOAD: JSON.stringify({ ...context, leakTargets, tracePrefix, callsAtOnce } satisfies ScriptContext),
    },
    ...(!context.isElsewhere && { localIps: clientAddresses(contract.client, clients, seed, publicClients) }),
    keepsConnections,
    limitMs: limitMs(scenario),
    reaper: lab.reaper,
    parties: bench.parties,
    signal: AbortSignal.any([signal, over.signal]),
    record: recording.add,
  });
  for await (const event of readSamples(files)) recording.add(event);
  await moveRedacted(own.path, folder);
  recording.tell(await bench.collectReceipts());
}

/**
 * Returns an event that says why a scenario could not be set up. Other scenarios may still succeed, for example if the
 * machine was busy.
 *
 * @throws The error itself if it is a usage error, which would affect all scenarios
 */
function setUpProblem(error: unknown): HistoryEvent {
  const known = knownError(error);
  if (known?.exitCode === EXIT.usage) throw known;
  const problem = known ? `${known.code}: ${known.message}` : messageOf(error);
  return { type: 'set-up', at: now(), problem, output: [...outputOf(error)] };
}

/** Passes requests to `see` while the engine writes them, until it is disposed. */
function follow(samples: string, see: (sample: RequestSample) => void): AsyncDisposable {
  const over = new AbortController();
  // A failure here does not matter, because all samples are read again when the engine has finished.
  const following = followSamples(samples, (event) => event.type === 'request' && see(event), over.signal).catch(
    () => {},
  );
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await following;
    },
  };
}
