import type { Proof } from '../../harness/contract/proof.ts';
import { promised } from '../lib/context.ts';
import { planOf } from '../lib/steps.ts';
import { agents, brokenCalls, takeToolSteps, toolConditions, toolsAct, truncations } from '../lib/tools.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const AGENTS = agents();
promised(AGENTS[0], 'endpoint that lets a model call tools (endpoints.NAME.tools)');

/** The number of truncated calls, at least. */
const CUTS = 2_000;
const PLACES = AGENTS.flatMap((agent) => agent.tools.map((tool) => ({ agent, tool })));

const STEPS = [
  ...AGENTS.map(toolsAct),
  ...PLACES.flatMap(({ agent, tool }) =>
    truncations(Math.ceil(CUTS / 3 / PLACES.length)).map((flaw) => brokenCalls(agent, tool, flaw)),
  ),
];

export const proof: Proof = {
  about:
    'The answers of a model end within the arguments of a tool call, 2,000 times, at every character. None of these ' +
    'calls acts, and the model or the caller is told.',
  judges: 'truncated tool calls',
  clients: 1,
  seconds: 2 + CUTS * 0.02,
  patienceSeconds: 120,
  conditions: toolConditions(),
  holds: ['steady-state', 'tools-act', 'broken-tool-calls-do-nothing', 'broken-tool-calls-told', 'recovers'],
  plan: planOf(STEPS),
};

export default (): Promise<void> => takeToolSteps(AGENTS, STEPS);
