import { Trend } from 'k6/metrics';
import { fill } from '../../harness/callers/compose-request.ts';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Tool } from '../../harness/contract/schema/tools.ts';
import { breakCalls } from './break-calls.ts';
import { context, type Fault, find, isHttp } from './context.ts';
import { lab } from './lab.ts';
import { call, isServed, tagsOf, unique } from './service.ts';
import { steady } from './steady.ts';
import { type Step, step, take } from './steps.ts';
import { isComplete, tellsError } from './streams.ts';
import { pause, times } from './wait.ts';
import { isWorking } from './working.ts';

/** 1 for each caller that was told of a failure, and 0 for each other one, by the `unique` of their requests. */
const callersTold = new Trend('tool_failures_told');

/** An endpoint that lets a model call tools. */
interface Agent {
  readonly endpoint: string;
  /** The upstream that is the model. */
  readonly upstream: string;
  readonly tools: readonly (Tool & { readonly name: string })[];
  readonly rounds: number | undefined;
}

/** Returns the endpoints that let models call tools. */
export const agents = (): Agent[] =>
  Object.entries(context.endpoints).flatMap(([endpoint, { reaches, tools = [], rounds }]): Agent[] => {
    const upstream = reaches.find((name) => context.upstreams[name]?.isModel);
    const known = tools.map((name) => ({ name, ...find(context.tools ?? {}, name) }));
    return upstream === undefined || known.length === 0 ? [] : [{ endpoint, upstream, tools: known, rounds }];
  });

/** Returns the conditions under which no breaker hides how agents treat failures. */
export function toolConditions(): string[] {
  const called = agents().flatMap(({ upstream, tools }) => [upstream, ...tools.map((tool) => tool.upstream)]);
  const isBroken = Object.values(context.breakers).some(({ upstream }) => called.includes(upstream));
  return ['no-rate-limits', ...(isBroken ? ['no-breakers'] : [])];
}

type AgentTool = Agent['tools'][number];

/** Returns a call of a tool for the conversation of a fake, with its own unique text. */
const callOf = ({ name, arguments: given }: AgentTool) => ({
  tool: name,
  arguments: JSON.parse(fill(JSON.stringify(given), { unique: unique() })) as object,
});

/** How long to wait for effects and requests that come after an answer, in milliseconds. */
const SOON_MS = 150;

/** How long a caller waits for an agent, in seconds. */
const PATIENCE = 15;

/** Calls an agent, and notes whether its caller was told of a failure. */
async function ask({ endpoint }: Agent, phase: { readonly id: number }): Promise<void> {
  const own = unique();
  const tags = { phase, unique: own };
  const response = await call(endpoint, tags, { unique: own, seconds: PATIENCE });
  const { stream } = find(context.endpoints, endpoint);
  const isTold =
    !isServed(endpoint, response.status) ||
    tellsError(response, stream?.error) ||
    (stream !== undefined && !isComplete(response, stream));
  callersTold.add(isTold ? 1 : 0, tagsOf(tags));
}

/** Begins a phase with a conversation of the model, acts, and ends the conversation. */
async function inPhase<Planned extends PlannedAction & { readonly upstream: string }>(
  planned: Planned,
  rounds: readonly object[],
  act: (phase: { readonly id: number }) => Promise<unknown>,
): Promise<void> {
  await lab.converse(planned.upstream, rounds.length > 0 ? { rounds } : undefined);
  const phase = await lab.phase(planned);
  await act(phase);
  await pause(SOON_MS);
  if (hasTables()) await lab.readTools();
  await lab.converse(planned.upstream);
}

const hasTables = (): boolean => Object.values(context.tools ?? {}).some(({ table }) => table !== undefined);

/** Takes the steps of agents that are served, between two steady states. */
export async function takeToolSteps(all: readonly Agent[], steps: readonly Step[]): Promise<void> {
  await steady('steady', { any: all.map(({ endpoint }) => endpoint) });
  // The rows that tools add are counted from here.
  if (hasTables()) await lab.readTools();
  await take(steps.filter(({ plan }) => plan.every((phase) => 'endpoint' in phase && isWorking(phase.endpoint))));
  await steady('steady again');
}

/** Returns a step in which the model calls each tool of an agent once, in several conversations. */
export const toolsAct = (agent: Agent): Step => {
  const { endpoint, upstream, tools } = agent;
  return step({ action: 'tools act', endpoint, upstream }, (planned) =>
    inPhase(planned, [], async (phase) => {
      for (const tool of tools) {
        await times(2, async () => {
          await lab.converse(upstream, { rounds: [{ calls: [callOf(tool)] }] });
          await ask(agent, phase);
        });
      }
    }),
  );
};

/** How many calls of tools an answer has at once. */
const PARALLEL = 3;

/** Returns steps in which the model calls several tools at once. */
export const parallelCalls = (agent: Agent): Step[] => {
  const { endpoint, upstream, tools } = agent;
  const callAll = (planned: PlannedAction<'parallel tool calls' | 'tool calls crossed'>) =>
    inPhase(planned, [], (phase) =>
      times(2, async () => {
        const calls = Array.from({ length: PARALLEL }, (_, index) => callOf(tools[index % tools.length] as AgentTool));
        await lab.converse(upstream, { rounds: [{ calls }] });
        await ask(agent, phase);
      }),
    );
  return [
    step({ action: 'parallel tool calls', endpoint, upstream }, callAll),
    step({ action: 'tool calls crossed', endpoint, upstream }, async (planned) => {
      await breakCalls(upstream, { kind: 'tool-calls', flaw: 'crossed' });
      await callAll(planned);
      await lab.heal(upstream);
    }),
  ];
};

/** How the calls in a model's answers are broken: the name for people, the fault, and the number of answers. */
interface Flaw {
  readonly name: string;
  readonly fault: Fault;
  readonly answers: number;
  /** Whether each conversation has its own calls, because one of each may act. */
  readonly each?: true;
}

const ENDS = { 'cut at the limit': 'limit', 'cut, ended as usual': 'usual', 'cut with the connection': 'gone' };

/** Returns truncations, over all places of the arguments. */
export const truncations = (answers: number): Flaw[] =>
  Object.entries(ENDS).map(([name, end]) => {
    return { name, fault: { kind: 'tool-calls', flaw: 'cut', end, sweep: answers }, answers };
  });

/** The other flaws, with as many answers as there are variants of each. */
export const OTHER_FLAWS: readonly Flaw[] = [
  { name: 'malformed', fault: { kind: 'tool-calls', flaw: 'malformed' }, answers: 8 },
  { name: 'unknown tool', fault: { kind: 'tool-calls', flaw: 'unknown' }, answers: 3 },
  { name: 'doubled', fault: { kind: 'tool-calls', flaw: 'doubled' }, answers: 2, each: true },
  { name: 'out of order', fault: { kind: 'tool-calls', flaw: 'disordered' }, answers: 2, each: true },
];

/** Returns a step in which all calls of a tool are broken, in at least as many answers of the model. */
export const brokenCalls = (agent: Agent, tool: AgentTool, { name, fault, answers, each }: Flaw): Step => {
  const { endpoint, upstream } = agent;
  const planned = { action: 'broken tool calls', endpoint, upstream, tool: tool.name, fault: name } as const;
  return step(planned, () =>
    inPhase(planned, [{ calls: [callOf(tool)], times: 1_000 }], async (phase) => {
      const before = await lab.arrivals(upstream);
      await breakCalls(upstream, fault);
      for (let made = 0; made < answers && (await lab.arrivals(upstream)) - before < answers; made += 1) {
        if (each) await lab.converse(upstream, { rounds: [{ calls: [callOf(tool)] }] });
        await ask(agent, phase);
      }
      await lab.heal(upstream);
    }),
  );
};

/** The ways in which the upstream of a tool fails once, by their names. */
const TOOL_FAILURES: readonly Fault[] = [
  { kind: 'status', status: 503 },
  { kind: 'reset-in-headers' },
  { kind: 'hang' },
];

/** Returns steps in which a tool fails once, each time in another way. */
export const toolFails = (agent: Agent, tool: AgentTool): Step[] => {
  const { endpoint, upstream } = agent;
  const failing = tool.upstream ?? 'database';
  const faults = isHttp(failing) ? TOOL_FAILURES : [{ kind: 'lost-reply' }];
  return faults.map((fault) => {
    const planned = { action: 'tool fails', endpoint, upstream, tool: tool.name, fault: fault.kind } as const;
    return step(planned, () =>
      inPhase(planned, [{ calls: [callOf(tool)] }], async (phase) => {
        await lab.fault(failing, { ...fault, next: 1 });
        await ask(agent, phase);
        await lab.heal(failing);
      }),
    );
  });
};

/** Returns a step in which the model calls a tool in each of its answers, if the number of rounds is promised. */
export const endlessCalls = (agent: Agent): Step[] => {
  const { endpoint, upstream, tools, rounds } = agent;
  const [tool] = tools;
  if (rounds === undefined || !tool) return [];
  return [
    step({ action: 'tool loop', endpoint, upstream }, (planned) =>
      inPhase(planned, [{ calls: [callOf(tool)], times: 10_000 }], (phase) => ask(agent, phase)),
    ),
  ];
};
