/** Tests that the families' mutants have in common. Each function takes what one family's mutants must do. */
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WirePhase } from '../../../harness/wire/wire-phase.ts';
import { during, type Given, mutantIn } from './fake-wire.ts';

type Arriving = Pick<Given, 'endpoint' | 'phase'>;

/** Tests what mutants make of answers, one after another: their statuses. */
export const testAnswers = (all: Record<string, [answers: Given[], statuses: number[]]>): void =>
  test.for(Object.entries(all))('%s changes the right answers', async ([name, [answers, statuses]]) => {
    const { see } = mutantIn(name);
    const seen: number[] = [];
    for (const answer of answers) seen.push((await see(answer)).status);
    expect(seen).toEqual(statuses);
  });

/** Tests mutants that answer in place of the service: requests, one after another, and the statuses of their answers. */
export const testAnswersInstead = (
  all: Record<string, [requests: Arriving[], statuses: (number | undefined)[]]>,
): void =>
  test.for(Object.entries(all))('%s answers the right requests', async ([name, [requests, statuses]]) => {
    const { hooks } = mutantIn(name);
    const answers = requests.map(({ endpoint = 'ask', phase }) => hooks.instead?.({ endpoint, phase }));
    expect((await Promise.all(answers)).map((answer) => answer?.status)).toEqual(statuses);
  });

/** Tests mutants that call the upstream past the service because of an answer, but not because of any other. */
export const testCalls = (all: readonly (readonly [name: string, given: Given])[]): void =>
  test.for(all)('%s calls the upstream past the service', async ([name, given]) => {
    const { see, called } = mutantIn(name);
    expect((await see({ ...given, phase: during({ action: 'recovered' }) })).status).toBe(given.status ?? 200);
    expect(called).toEqual([]);
    await see(given);
    expect(called).toEqual(['llm']);
  });

/** Tests mutants that call the upstream because a request arrives in a phase, but not in another one. */
export const testArrivals = (all: readonly (readonly [name: string, phase: WirePhase, other: WirePhase])[]): void =>
  test.for(all)('%s calls the upstream once when a request arrives', async ([name, phase, other]) => {
    const { hooks, called } = mutantIn(name);
    const acted = [other, phase, phase].map((current) => hooks.arrive?.({ endpoint: 'ask', phase: current }));
    expect([await Promise.all(acted), called]).toEqual([[false, true, false], ['llm']]);
  });

/** Tests mutants that let an answer go later, in milliseconds, and then have called upstreams. */
export const testDelays = (
  all: readonly (readonly [name: string, given: Given, ms: number, calls?: string[]])[],
): void =>
  test.for(all)('%s delays the right answer', async ([name, given, ms, calls = []]) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { see, called } = mutantIn(name);
    const seen: string[] = [];
    void see({ ...given, phase: during({ action: 'steady' }) }).then(() => seen.push('other'));
    void see(given).then(() => seen.push('changed'));
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect([seen, called]).toEqual([['other'], []]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual(['other', 'changed']);
    expect(called).toEqual(calls);
  });

/** Tests mutants that change the headers of an answer. */
export const testHeaders = (all: readonly (readonly [name: string, given: Given, headers: object])[]): void =>
  test.for(all)('%s changes headers', async ([name, given, headers]) => {
    const answer = await mutantIn(name).see(given);
    expect(Object.fromEntries(answer.headers)).toEqual(headers);
  });

/** Tests mutants that change the body of an answer. */
export const testBodies = (all: readonly (readonly [name: string, given: Given, body: unknown])[]): void =>
  test.for(all)('%s changes a body', async ([name, given, body]) => {
    expect(String((await mutantIn(name).see(given)).body)).toEqual(body);
  });

/** Tests that mutants leave answers alone. */
export const testIdle = (all: readonly (readonly [name: string, given: Given])[]): void =>
  test.for(all)('%s does not act on an answer that it can not change, or must not', async ([name, given]) => {
    expect(await mutantIn(name).act(given)).toBe(undefined);
  });
