import { expect, test } from 'vitest';
import { outputOf, ProcessFailure, ProofloadError, withOutput } from '../../../harness/base/errors.ts';

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
