import type { Proof } from '../../harness/contract/proof.ts';
import { promised } from '../lib/context.ts';
import { planOf, type Step } from '../lib/steps.ts';
import {
  agents,
  brokenCalls,
  endlessCalls,
  OTHER_FLAWS,
  parallelCalls,
  takeToolSteps,
  toolConditions,
  toolFails,
  toolsAct,
  truncations,
} from '../lib/tools.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const AGENTS = agents();
promised(AGENTS[0], 'endpoint that lets a model call tools (endpoints.NAME.tools)');

/** The number of truncated calls, at least. */
const CUTS = 50;
const PLACES = AGENTS.flatMap((agent) => agent.tools.map((tool) => ({ agent, tool })));
const FLAWS = [...truncations(Math.ceil(CUTS / 3 / PLACES.length)), ...OTHER_FLAWS];

const STEPS: readonly Step[] = [
  ...AGENTS.map(toolsAct),
  ...AGENTS.flatMap(parallelCalls),
  ...PLACES.flatMap(({ agent, tool }) => FLAWS.map((flaw) => brokenCalls(agent, tool, flaw))),
  ...PLACES.flatMap(({ agent, tool }) => toolFails(agent, tool)),
  ...AGENTS.flatMap(endlessCalls),
];

export const proof: Proof = {
  about:
    'A model calls tools whose effects are counted: well, in parallel, truncated, malformed, doubled, out of order, under ' +
    'unknown names, without end, and while a tool fails. Only good calls act, and each of them once.',
  judges: 'the tools that models call',
  clients: 1,
  seconds: 2 + STEPS.length * 0.6,
  patienceSeconds: STEPS.length * 15,
  conditions: toolConditions(),
  holds: [
    'steady-state',
    'tools-act',
    'parallel-tool-calls-apart',
    'broken-tool-calls-do-nothing',
    'broken-tool-calls-told',
    'failed-tools-act-once',
    'failed-tools-end-alike',
    'tool-loops-end',
    'recovers',
  ],
  plan: planOf(STEPS),
};

export default (): Promise<void> => takeToolSteps(AGENTS, STEPS);
