import { expect, test } from 'vitest';
import { files } from '../../../../harness/contract/schema/files.ts';

test('files are inside the folder of the process', () => {
  expect(files.parse({ 'conf.d/app.yaml': '' })).toEqual({ 'conf.d/app.yaml': '' });
  expect(() => files.parse({ '/etc/app.yaml': '' })).toThrow('must be relative to the folder of the process');
  expect(() => files.parse({ 'a/../../app.yaml': '' })).toThrow('must be inside the folder of the process');
});
