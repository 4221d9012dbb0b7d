import { count } from '../../base/in-words.ts';
import { KEY_IN_PATH } from '../../contract/schema/tools.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { attemptsOf, keyOf } from './effects.ts';
import { type FailingNames, type FailingPhase, failingCases, watchFailing } from './failed-tools.ts';
import { NO_TOOLS, toolOf } from './promised.ts';

/**
 * Checks that a call acts at most once although its tool fails once: with an error, with a lost reply, or without a reply
 * in time. Requests with the same idempotency key are one effect.
 */
export const failedToolsActOnce: BuiltInChecker = {
  name: 'failed-tools-act-once',
  restsOn: ['steady-state', 'tools-act'],
  usually:
    'The request of the tool is sent again without an idempotency key, or with a new key for each attempt, although the first one may have acted.',
  fix: 'Make the idempotency key from the ID of the tool call, and send it with each attempt. Store rows with the key in a unique column, and ignore the conflict.',
  cases: (facts) => failingCases(facts, checkOf, ({ atLeastOnce }) => !atLeastOnce),
  without: NO_TOOLS,
  judge: (history, facts) =>
    history
      .phases('tool fails')
      .filter(({ tool }) => !toolOf(facts, tool).atLeastOnce)
      .map((phase) => judge(history, facts, phase)),
};

const checkOf = ({ fault, tool, endpoint }: FailingNames): string =>
  `acts at most once: ${fault}: ${tool} in ${endpoint}`;

function judge(history: History, facts: Facts, phase: FailingPhase): Finding {
  const seen = watchFailing(history, facts, phase);
  const judged = { check: checkOf(phase), requests: tagsIn(phase), expected: 'at most one effect' };
  if (typeof seen === 'string') return { ...judged, observed: seen, verdict: 'INCONCLUSIVE' };
  const isTwice = seen.effects > 1;
  const finding = { ...judged, observed: `${count(seen.effects, 'effect')} of one call` };
  if (!isTwice) return { ...finding, verdict: 'PASS' };
  const { usually, words } = whyTwice(history, facts, phase);
  return { ...finding, verdict: 'FAIL', evidence: [words], usually };
}

/** Returns the likely cause, and whether the attempts of a call had idempotency keys. */
function whyTwice(history: History, facts: Facts, phase: FailingPhase): { usually: string; words: string } {
  const tool = toolOf(facts, phase.tool);
  if (tool.upstream === undefined) {
    return { usually: ROW_AGAIN, words: 'the row was stored again: its key is no unique column, or a new one' };
  }
  const all = attemptsOf(history, phase, tool);
  const keys = all.flatMap((receipt) => keyOf(tool, receipt) ?? []);
  const attempts = count(all.length, 'attempt');
  if (tool.key === undefined) {
    return { usually: NO_KEY, words: `${attempts}; the contract names no idempotency key (tools.${phase.tool}.key)` };
  }
  if (keys.length < all.length) {
    const without = keys.length === 0 ? attempts : `${all.length - keys.length} of ${attempts}`;
    return { usually: NO_KEY, words: `${without} without the header ${tool.key}` };
  }
  return {
    usually: NEW_KEY,
    words: `${attempts} with ${count(new Set(keys).size, 'key')} in ${tool.key === KEY_IN_PATH ? 'the path' : tool.key}`,
  };
}

const ROW_AGAIN = 'The row is stored again after a lost reply: no unique column recognizes the second attempt.';
const NO_KEY =
  'The request of the tool is sent again without an idempotency key, although the first one may have acted.';
const NEW_KEY = 'Each attempt has a new idempotency key, so that the upstream does not recognize the second one.';
