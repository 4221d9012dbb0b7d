import { uniqueTextsIn } from '../../../faults/receipts/unique-texts.ts';
import { entryOf } from '../../base/entry-of.ts';
import { KEY_IN_PATH, type Tool } from '../../contract/schema/tools.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';

/** An effect of a tool: a request to its upstream, or a row in its table. */
export interface Effect {
  readonly tool: string;
  /** The values of a script's `${unique}` in it. */
  readonly unique: readonly string[];
  /** What makes requests one effect. Absent if each is an effect. */
  readonly key?: string;
  /** When it came, in milliseconds since the epoch. Unknown for a row. */
  readonly at?: number;
  /** The faults that acted on the request. */
  readonly faults: readonly string[];
  /** The effect in words. */
  readonly words: string;
}

/** Effects of tools in a phase. */
export interface Effects {
  readonly effects: readonly Effect[];
  /** Why effects may be missing. */
  readonly unread?: string;
}

/** Returns the effects of some tools during a phase. */
export function effectsIn(history: History, facts: Facts, phase: PhaseEntry, tools: readonly string[]): Effects {
  const found = tools.flatMap((name) => {
    const tool = entryOf(facts.contract.tools ?? {}, name);
    return tool
      ? [tool.table === undefined ? requestsOf(history, phase, name, tool) : rowsOf(history, phase, name)]
      : [];
  });
  const unread = found.find((effects) => effects.unread !== undefined)?.unread;
  return { effects: found.flatMap(({ effects }) => effects), ...(unread !== undefined && { unread }) };
}

/** Returns all requests with which a tool acts, also if they failed. */
export const attemptsOf = (
  history: History,
  phase: PhaseEntry,
  { upstream = '', effect = '' }: Tool,
): RequestReceipt[] => history.receiptsIn(phase, upstream).filter(({ route }) => patternOf(effect).test(route));

/** Returns what makes a request of a tool one effect with others: its idempotency key, or its path. */
export const keyOf = (tool: Tool, { path, key }: RequestReceipt): string | undefined =>
  tool.key === KEY_IN_PATH ? path : key;

function requestsOf(history: History, phase: PhaseEntry, name: string, tool: Tool): Effects {
  const acting = attemptsOf(history, phase, tool).filter(({ status }) => status === null || status < 400);
  return {
    effects: acting.map((receipt) => {
      const key = keyOf(tool, receipt);
      return {
        tool: name,
        unique: receipt.unique ?? [],
        ...(key !== undefined && { key }),
        at: receipt.at,
        faults: receipt.faults,
        words: `${receipt.upstream} got ${receipt.route}`,
      };
    }),
  };
}

/** Returns the rows that a phase has added to a tool's table. */
function rowsOf(history: History, phase: PhaseEntry, name: string): Effects {
  const reads = history.all('acted');
  const after = reads.find(({ at }) => at >= phase.at && at < phase.until);
  const before = reads.findLast(({ at }) => at < phase.at);
  if (!after || !before) return { effects: [], unread: `the table of ${name} was not read` };
  const problem = after.problem ?? before.problem;
  if (problem !== undefined) return { effects: [], unread: `the table of ${name} can't be read: ${problem}` };
  const old = (entryOf(before.rows, name) ?? []).map(String);
  const added = (entryOf(after.rows, name) ?? []).filter((row) => {
    const index = old.indexOf(String(row));
    if (index !== -1) old.splice(index, 1);
    return index === -1;
  });
  return {
    effects: added.map((unique) => ({ tool: name, unique, faults: [], words: `the table of ${name} got a row` })),
  };
}

/** Counts effects. Requests with the same key are one. */
export const countEffects = (effects: readonly Effect[]): number =>
  new Set(effects.map(({ key }, index) => key ?? index)).size;

function patternOf(effect: string): RegExp {
  const source = effect.split('*').map(RegExp.escape).join('[^/]+');
  return new RegExp(`^${source}$`);
}

/** Returns the value of a script's `${unique}` in the arguments of a call. Broken arguments may have none. */
export const marksIn = (text: string): string[] => uniqueTextsIn(text, undefined).slice(0, 1);
