import { expect, test } from 'vitest';
import { targetOf } from '../../../harness/wire/target.ts';

test.for([
  ['http://127.0.0.1:8080', { host: '127.0.0.1', port: 8080, authority: '127.0.0.1:8080', isTls: false }],
  ['http://[::1]:8080', { host: '::1', port: 8080, authority: '[::1]:8080', isTls: false }],
  ['http://shop.example', { host: 'shop.example', port: 80, authority: 'shop.example', isTls: false }],
  ['https://shop.example', { host: 'shop.example', port: 443, authority: 'shop.example', isTls: true }],
] as const)('%s is reached by its host and port', ([origin, target]) => {
  expect(targetOf(origin)).toEqual(target);
});
