import { about } from '../base/in-words.ts';
import { loadProject } from '../project/load-project.ts';
import type { RunOptions } from '../run/run-options.ts';
import { loadScenario } from '../run/scenario.ts';
import { FREEZE, secondsToFreeze } from './doctor-frozen.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

/** The scenario in which upstreams fail in several ways, regardless of the contract's promises. */
export const WATCHED = 'chaos/retry-amplification';

/** The scenario that judges the quotas of upstreams. */
const QUOTA = 'chaos/quota';

/** The scenario that uses up the budgets. */
const BUDGETS = 'stress/budgets';

/** How long a step may take without `--thorough`, in seconds. With the lab and the first calls, it takes up to 20 s. */
const MOST_SECONDS = 13;

/** The flags of `doctor` that decide what it looks at. */
export interface LookFlags extends LabFlags {
  fix?: boolean;
  thorough?: boolean;
}

/** A scenario that shows how the contract describes the service. */
export interface Step {
  readonly scenario: string;
  /** How long it is expected to take. */
  readonly seconds: number;
  /** The upstream of the breaker that it opens, if it does. */
  readonly upstream?: string;
}

/** What `doctor` does after the first calls. */
export interface Steps {
  readonly taken: readonly Step[];
  /** The steps that take too long without `--thorough`, with the seconds that they take with it. */
  readonly left: readonly Step[];
  /** How long all steps take with `--thorough`, in seconds. */
  readonly allSeconds: number;
  /** How long the service is stopped, if it is. */
  readonly frozenSeconds: number | undefined;
  /** The changes of the contract with which the steps can run. */
  readonly changes: NonNullable<RunOptions['changes']>;
}

/** Decides which steps a contract needs, and which of them are short enough. */
export async function stepsFor(flags: LookFlags): Promise<Steps> {
  const isBrief = flags.thorough !== true;
  const contract = await loadProject(contractFile(flags), runOptions(flags, []));
  const frozenSeconds = secondsToFreeze(contract, flags.profile);
  const changes = frozenSeconds === undefined ? [] : [{ path: ['frozen', 'seconds'], value: frozenSeconds }];
  const names = [
    WATCHED,
    ...Object.keys(contract.breakers).map((breaker) => `chaos/${breaker}-outage`),
    ...(Object.values(contract.upstreams).some((upstream) => 'quota' in upstream) ? [QUOTA] : []),
    ...(Object.keys(contract.budgets).length === 0 ? [] : [BUDGETS]),
    ...(frozenSeconds === undefined ? [] : [FREEZE]),
  ];
  const stepsIn = async (brief: boolean): Promise<Step[]> => {
    const changed = await loadProject(contractFile(flags), { ...runOptions(flags, []), changes, isBrief: brief });
    const loaded = await Promise.all(names.map((name) => loadScenario(name, changed, flags.profile)));
    return loaded.flatMap((scenario) => {
      if ('skipped' in scenario) return [];
      const upstream = changed.breakers[scenario.breaker ?? '']?.upstream;
      return [
        { scenario: scenario.name, seconds: scenario.proof.seconds, ...(upstream !== undefined && { upstream }) },
      ];
    });
  };
  const whole = await stepsIn(false);
  const steps = isBrief ? await stepsIn(true) : whole;
  const taken = isBrief ? steps.filter(({ seconds }) => seconds <= MOST_SECONDS) : steps;
  return {
    taken,
    left: whole.filter(({ scenario }) => !taken.some((step) => step.scenario === scenario)),
    allSeconds: whole.reduce((sum, { seconds }) => sum + seconds, 0),
    frozenSeconds,
    changes,
  };
}

/** Names steps with the seconds that they take. */
export const inSeconds = (steps: readonly Step[]): string =>
  steps.map(({ scenario, seconds }) => `${scenario} (${about(seconds)})`).join(', ');
