import { expect, test } from 'vitest';
import { originForm } from '../../../service/http/origin-form.ts';

test.each([
  ['/health?x=1', '/health?x=1'],
  ['//#@!', '//'],
  ['/health#/v1', '/health'],
  ['http://anything.test/health?x=1', '/health?x=1'],
  ['http://anything.test', '/'],
  ['a:?x', '/a%3A%3Fx'],
  ['*', '/*'],
  ['', '/'],
])('%s is %s', (target, form) => {
  expect(originForm(target)).toBe(form);
});
