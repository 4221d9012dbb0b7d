import { entryOf } from '../../base/entry-of.ts';
import type { ActionName } from '../../contract/phases.ts';
import type { Exchange } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing } from '../../wire/wire-phase.ts';

const NEEDS = 'tools.NAME.upstream';

type Arriving = Pick<Exchange, 'endpoint' | 'phase'>;

/** Returns the first tool of an endpoint that calls an upstream, with the path of its effect. */
function toolIn({ endpoint = '' }: Arriving, { contract: { endpoints, tools = {} } }: Wire) {
  const names = entryOf(endpoints, endpoint)?.tools ?? [];
  return names.flatMap((name) => {
    const { upstream, effect = '' } = entryOf(tools, name) ?? {};
    return upstream === undefined ? [] : [{ upstream, path: effect.replace(/^\S+ /, '').replaceAll('*', '1') }];
  })[0];
}

/** Defines a mutant that sends another request of a tool in some phases, once the tool has sent one. */
const actingAgain = (
  names: Pick<WireMutant, 'name' | 'does' | 'turnsRed' | 'disturbs'>,
  ...actions: readonly ActionName[]
): WireMutant => ({
  ...names,
  needs: NEEDS,
  create: (wire) => {
    let earlier = 0;
    return {
      async arrive(request) {
        const tool = toolIn(request, wire);
        if (!tool || !isDoing(request.phase, 'tools act', ...actions)) return false;
        earlier += 1;
        if (earlier === 1 || !isDoing(request.phase, ...actions)) return false;
        return wire.callUpstream(tool.upstream, { path: tool.path });
      },
    };
  },
});

/** Defects of tools. A proxy can't change what a model is told. */
export const TOOL_MUTANTS: readonly WireMutant[] = [
  actingAgain(
    {
      name: 'tool-acts-twice',
      does: 'a tool sends another request for a good call',
      turnsRed: ['tools-act', 'parallel-tool-calls-apart'],
      disturbs: [
        'broken-tool-calls-do-nothing',
        'broken-tool-calls-told',
        'failed-tools-act-once',
        'failed-tools-end-alike',
        'tool-loops-end',
      ],
    },
    'tools act',
    'parallel tool calls',
    'tool calls crossed',
  ),
  actingAgain(
    {
      name: 'broken-call-acts',
      does: 'a tool sends a request for a broken call',
      turnsRed: ['broken-tool-calls-do-nothing'],
      disturbs: ['broken-tool-calls-told'],
    },
    'broken tool calls',
  ),
  actingAgain(
    {
      name: 'failed-tool-acts-again',
      does: 'a tool sends another request with no key while it fails',
      turnsRed: ['failed-tools-act-once'],
      disturbs: ['failed-tools-end-alike'],
    },
    'tool fails',
  ),
  {
    name: 'model-asked-on-and-on',
    does: 'the model gets further requests when it has called a tool as often as it may',
    turnsRed: ['tool-loops-end'],
    needs: 'endpoints.NAME.rounds',
    create: (wire) => ({
      async arrive({ endpoint = '', phase }) {
        const { upstream } = actionIn(phase, 'tool loop') ?? {};
        if (upstream === undefined) return false;
        const { rounds = 0 } = entryOf(wire.contract.endpoints, endpoint) ?? {};
        for (let sent = 0; sent < rounds; sent += 1) {
          if (!(await wire.callUpstream(upstream))) return false;
        }
        return true;
      },
    }),
  },
];
