import { expect, test } from 'vitest';
import {
  knownError,
  messageOf,
  outputOf,
  ProcessFailure,
  ProofloadError,
  withOutput,
} from '../../../harness/base/errors.ts';

test('the output of a failed process is found through the errors that it caused', () => {
  const failure = new ProcessFailure('exited', ['no port left']);
  const error = new ProofloadError('FAKES_FAILED', 'the fakes did not start', {
    cause: new Error('x', { cause: failure }),
  });
  expect(outputOf(error)).toEqual(['no port left']);
  expect(withOutput(error.message, outputOf(error))).toBe('the fakes did not start; its output:\nno port left');
});

test('other errors have no output, and their message stays as it is', () => {
  expect(outputOf(new Error('late'))).toEqual([]);
  expect(withOutput('late', outputOf('text'))).toBe('late');
});

const noPort = Object.assign(new Error('listen EADDRINUSE: address already in use'), {
  code: 'EADDRINUSE',
  syscall: 'listen',
});

test('an error of the operating system has a code and a remedy, also as the cause of another one', () => {
  const fetching = new TypeError('fetch failed', { cause: noPort });
  for (const error of [noPort, fetching, new SuppressedError(new Error('not closed'), fetching)]) {
    expect(knownError(error)).toMatchObject({ code: 'SYSTEM_ERROR', exitCode: 1 });
    expect(knownError(error)?.message).toMatch(
      /^listen EADDRINUSE: address already in use; no port of 127\.0\.0\.1 is/,
    );
  }
  const other = Object.assign(new Error('read EIO'), { code: 'EIO', syscall: 'read' });
  expect(knownError(other)?.message).toBe('read EIO');
});

test('the error that came first is told, and not that its resources could not be released', () => {
  const first = new ProofloadError('FAKES_FAILED', 'the fakes did not start');
  const nested = new SuppressedError(new Error('a'), new SuppressedError(new Error('b'), first));
  expect(knownError(nested)).toBe(first);
  expect(messageOf(nested)).toBe('the fakes did not start');
  expect(messageOf(new TypeError('fetch failed', { cause: noPort }))).toBe(noPort.message);
  expect(outputOf(new SuppressedError(new Error('c'), new ProcessFailure('exited', ['x'])))).toEqual(['x']);
});

test('a bug has no code', () => {
  expect(knownError(new TypeError('x is undefined'))).toBe(undefined);
  expect(knownError('text')).toBe(undefined);
});
