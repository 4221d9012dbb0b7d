import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, withEvidence } from '../lib/checker.ts';
import { attemptsOf } from './effects.ts';
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
  return withEvidence(
    { ...judged, observed: `${count(seen.effects, 'effect')} of one call`, verdict: isTwice ? 'FAIL' : 'PASS' },
    isTwice ? keysOf(history, facts, phase) : [],
  );
}

/** Says whether the attempts of a call had idempotency keys. */
function keysOf(history: History, facts: Facts, phase: FailingPhase): string[] {
  const tool = toolOf(facts, phase.tool);
  if (tool.upstream === undefined) return ['the row was stored again: its key is no unique column, or a new one'];
  const keys = attemptsOf(history, phase, tool).flatMap(({ key }) => key ?? []);
  const attempts = count(attemptsOf(history, phase, tool).length, 'attempt');
  if (tool.key === undefined) return [`${attempts}; the contract names no idempotency key (tools.${phase.tool}.key)`];
  if (keys.length === 0) return [`${attempts} without the header ${tool.key}`];
  return [`${attempts} with ${count(new Set(keys).size, 'key')} in ${tool.key}`];
}
