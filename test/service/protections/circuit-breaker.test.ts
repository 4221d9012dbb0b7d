import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { disabledBreaker } from '../../../service/protections/circuit-breaker.ts';
import { createBreaker, fail, failTimes, failUncounted, refuse, startCall, succeed } from '../support/breaker.ts';

const RECOVERY_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Returns a breaker that is waiting for its trial. */
async function halfOpenBreaker() {
  const made = createBreaker();
  await failTimes(made.breaker, 5);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS);
  expect(made.breaker.state).toBe('half_open');
  return made;
}

test('returns its rejection only while it is open', async () => {
  const { breaker } = createBreaker();
  await failTimes(breaker, 4);
  expect(breaker.refusal()).toBeUndefined();
  await fail(breaker);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS - 9500);
  expect(breaker.refusal()).toMatchObject({ code: 'llm_circuit_open', retryAfterSeconds: 10 });
  await vi.advanceTimersByTimeAsync(9500);
  expect(breaker.state).toBe('half_open');
  expect(breaker.refusal()).toBeUndefined();
});

test('a success resets the count to 0', async () => {
  const { breaker } = createBreaker();
  for (let round = 0; round < 3; round += 1) {
    await failTimes(breaker, 4);
    await succeed(breaker);
  }
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 5);
  expect(breaker.state).toBe('open');
});

test('counts consecutive failures over any time', async () => {
  const { breaker } = createBreaker();
  for (let n = 0; n < 5; n += 1) {
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(3_600_000);
  }
  expect(breaker.state).not.toBe('closed');
});

test('a 4xx response neither counts nor resets the count', async () => {
  const { breaker } = createBreaker();
  for (let n = 0; n < 20; n += 1) expect(await failUncounted(breaker)).toBe('llm_unavailable');
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 4);
  await failUncounted(breaker);
  await fail(breaker);
  expect(breaker.state).toBe('open');
});

test('a rejection by the service neither counts nor resets the count', async () => {
  const { breaker } = createBreaker();
  await failTimes(breaker, 4);
  for (let n = 0; n < 20; n += 1) expect(await refuse(breaker)).toBe('llm_busy');
  expect(breaker.state).toBe('closed');
  await fail(breaker);
  expect(breaker.state).toBe('open');
});

test('half-open, a rejection by the service has no effect', async () => {
  const { breaker } = await halfOpenBreaker();
  expect(await refuse(breaker)).toBe('llm_busy');
  expect(breaker.state).toBe('half_open');
  expect(await succeed(breaker)).toBe('ok');
  expect(breaker.state).toBe('closed');
});

test("open, it doesn't call the upstream and returns the time to wait", async () => {
  const { breaker } = createBreaker();
  await failTimes(breaker, 5);
  await vi.advanceTimersByTimeAsync(15_500);
  const upstream = vi.fn(async () => 'answer');
  await expect(breaker.call(upstream)).rejects.toMatchObject({
    code: 'llm_circuit_open',
    status: 503,
    retryAfterSeconds: 45,
  });
  expect(upstream).not.toHaveBeenCalled();
});

test('stays open until the last millisecond of the recovery timeout', async () => {
  const { breaker } = createBreaker();
  await failTimes(breaker, 5);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS - 1);
  expect(breaker.state).toBe('open');
  await vi.advanceTimersByTimeAsync(1);
  expect(breaker.state).toBe('half_open');
});

test('allows exactly one of 100 concurrent calls as the trial', async () => {
  const { breaker } = await halfOpenBreaker();
  const answer = Promise.withResolvers<string>();
  const upstream = vi.fn(() => answer.promise);
  const calls = Array.from({ length: 100 }, () => breaker.call(upstream));
  const settled = Promise.allSettled(calls);
  await vi.advanceTimersByTimeAsync(0);
  expect(upstream).toHaveBeenCalledTimes(1);
  answer.resolve('answer');
  const outcomes = await settled;
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  for (const reason of refused) expect(reason).toMatchObject({ code: 'llm_circuit_open', retryAfterSeconds: 1 });
});

test('closes if the trial succeeds, and counts from 0 again', async () => {
  const { breaker } = await halfOpenBreaker();
  expect(await succeed(breaker)).toBe('ok');
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 4);
  expect(breaker.state).toBe('closed');
});

test('a failed trial opens it for another full recovery timeout', async () => {
  const { breaker } = await halfOpenBreaker();
  await vi.advanceTimersByTimeAsync(20_000);
  await fail(breaker);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS - 1);
  expect(breaker.state).toBe('open');
  await vi.advanceTimersByTimeAsync(1);
  expect(await succeed(breaker)).toBe('ok');
  expect(breaker.state).toBe('closed');
});

test('a trial with a 4xx response has no effect, and the next call is the trial', async () => {
  const { breaker, messages } = await halfOpenBreaker();
  await failUncounted(breaker);
  expect(breaker.state).toBe('half_open');
  await fail(breaker);
  expect(breaker.state).toBe('open');
  expect(messages().filter((text) => text.includes('attempting recovery'))).toHaveLength(1);
});

test('a hung trial times out and opens it again', async () => {
  const { breaker } = await halfOpenBreaker();
  const hung = startCall(breaker);
  // In its last turn, the event loop looks for an answer once more.
  await vi.advanceTimersByTimeAsync(11_001);
  expect(await hung.outcome).toBe('llm_unavailable');
  expect(breaker.state).toBe('open');
  await vi.advanceTimersByTimeAsync(RECOVERY_MS);
  hung.succeed();
  await vi.advanceTimersByTimeAsync(0);
  expect(breaker.state).toBe('half_open');
  expect(await succeed(breaker)).toBe('ok');
});

test.each(['succeed', 'fail'] as const)(
  'half-open, a call from before the opening does not decide: %s',
  async (ending) => {
    const { breaker } = createBreaker({ callTimeoutMs: 600_000 });
    const stale = startCall(breaker);
    await failTimes(breaker, 5);
    await vi.advanceTimersByTimeAsync(RECOVERY_MS);
    expect(await stale[ending]()).toBe(ending === 'succeed' ? 'ok' : 'llm_unavailable');
    expect(breaker.state).toBe('half_open');
    const trial = startCall(breaker);
    expect(await succeed(breaker)).toBe('llm_circuit_open');
    await trial.succeed();
    expect(breaker.state).toBe('closed');
  },
);

test('half-open, an earlier call that times out has no effect', async () => {
  const { breaker } = createBreaker({ callTimeoutMs: RECOVERY_MS + 5000 });
  const stale = startCall(breaker);
  await failTimes(breaker, 5);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS + 5001);
  expect(await stale.outcome).toBe('llm_unavailable');
  expect(breaker.state).toBe('half_open');
});

test('open, calls that began before it opened have no effect', async () => {
  const { breaker, messages } = createBreaker();
  const stale = Array.from({ length: 10 }, () => startCall(breaker));
  await failTimes(breaker, 5);
  for (const [index, call] of stale.entries()) await (index % 2 ? call.succeed() : call.fail());
  expect(breaker.state).toBe('open');
  await vi.advanceTimersByTimeAsync(RECOVERY_MS);
  await fail(breaker);
  expect(messages().at(-1)).toContain('after 5 failures');
});

test("closed again, failures of calls that began before it opened don't count", async () => {
  const { breaker } = createBreaker({ callTimeoutMs: 600_000 });
  const stale = Array.from({ length: 10 }, () => startCall(breaker));
  await failTimes(breaker, 5);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS);
  await succeed(breaker);
  for (const call of stale) await call.fail();
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 4);
  expect(breaker.state).toBe('closed');
});

test("closed again, a success of a call that began before it opened doesn't reset the count", async () => {
  const { breaker } = createBreaker({ callTimeoutMs: 600_000 });
  const stale = startCall(breaker);
  await failTimes(breaker, 5);
  await vi.advanceTimersByTimeAsync(RECOVERY_MS);
  await succeed(breaker);
  await failTimes(breaker, 4);
  await stale.succeed();
  await fail(breaker);
  expect(breaker.state).toBe('open');
});

test('five simultaneous failures open it once', async () => {
  const { breaker, messages } = createBreaker();
  const calls = Array.from({ length: 20 }, () => startCall(breaker));
  await Promise.all(calls.map((call) => call.fail()));
  expect(messages()).toEqual(['⚠️ Circuit breaker opened for _invoke_llm after 5 failures']);
});

test('closed, it leaves no timer running', async () => {
  const { breaker } = await halfOpenBreaker();
  await fail(breaker);
  breaker.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('disabled, calls go straight through', async () => {
  for (let n = 0; n < 20; n += 1) {
    await expect(disabledBreaker.call(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
  }
  expect(await disabledBreaker.call(async () => 'answer')).toBe('answer');
  expect(disabledBreaker.state).toBe('disabled');
});

test.each([-3_600_000, 3_600_000])(
  'a change of the wall clock by %i ms affects neither Retry-After nor the trial',
  async (step) => {
    const { breaker } = createBreaker();
    await failTimes(breaker, 5);
    await vi.advanceTimersByTimeAsync(20_000);
    vi.setSystemTime(Date.now() + step);
    expect(breaker.refusal()).toMatchObject({ retryAfterSeconds: 40 });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(breaker.state).toBe('half_open');
  },
);
