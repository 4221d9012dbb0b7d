import { expect, test } from 'vitest';
import { findOutages } from '../../../service/advise/outages.ts';
import { type LoggedTransition, readTransition } from '../../../service/advise/transitions.ts';
import { logTransition } from '../../../service/protections/breakers.ts';
import { recordLog } from '../support/log-recorder.ts';

/** Creates transitions from `[seconds, state]` pairs, with the settings from the specification. */
const transitions = (...steps: [number, LoggedTransition['to']][]): LoggedTransition[] =>
  steps.map(([seconds, to]) => ({ at: seconds * 1000, breaker: 'llm', to, failures: 5, recoverySeconds: 60 }));

test('parses breaker transitions and ignores other lines', () => {
  const { logger, lines } = recordLog();
  logTransition(logger, 60_000, { breaker: 'memory', to: 'half_open', failures: 5 });
  expect(readTransition(JSON.stringify(lines[0]))).toEqual({
    at: expect.any(Number),
    breaker: 'memory',
    to: 'half_open',
    failures: 5,
    recoverySeconds: 60,
  });
  for (const line of ['', 'no json', '{"msg":"listening"}', '{"time":1,"breaker":"llm","state":"ajar"}', 'null']) {
    expect(readTransition(line)).toBeUndefined();
  }
});

test('an outage lasts beyond the last failed trial and ends with the successful one', () => {
  const steps = transitions([0, 'open'], [60, 'half_open'], [70, 'open'], [130, 'half_open'], [131, 'closed']);
  expect(findOutages(steps)).toEqual([
    {
      openedAt: 0,
      threshold: 5,
      recoverySeconds: 60,
      failedTrials: 1,
      shortestSeconds: 70,
      longestSeconds: 131,
    },
  ]);
});

test('omits outages without an end', () => {
  const restarted = transitions(
    [0, 'open'],
    [60, 'half_open'],
    [70, 'open'],
    [100, 'open'],
    [160, 'half_open'],
    [161, 'closed'],
  );
  expect(findOutages(restarted)).toMatchObject([{ openedAt: 100_000, failedTrials: 0, longestSeconds: 61 }]);
  expect(findOutages(transitions([0, 'open'], [60, 'half_open']))).toEqual([]);
  expect(findOutages(transitions([0, 'closed']))).toEqual([]);
  expect(findOutages(transitions([0, 'open'], [90, 'closed']))).toEqual([]);
});
