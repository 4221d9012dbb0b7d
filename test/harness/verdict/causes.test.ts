import { expect, test } from 'vitest';
import { causesOf, commonCauses } from '../../../harness/verdict/causes.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';

const opens = finding('opens', 'FAIL');
const refuses = finding('refuses', 'FAIL', { follows: 'opens' });
const closes = finding('closes', 'INCONCLUSIVE', { follows: 'opens' });

const told = (...findings: Parameters<typeof scenarioResult>[1]) =>
  causesOf({ findings }).map(({ finding: { check }, followers }) => [check, followers.map((one) => one.check)]);

test('findings are grouped under the first cause that did not pass', () => {
  expect(told(closes, finding('other', 'PASS'), refuses, opens)).toEqual([['opens', ['closes', 'refuses']]]);
});

test('a finding whose cause passed, or does not exist, is a cause itself', () => {
  expect(told({ ...opens, verdict: 'PASS' }, refuses)).toEqual([['refuses', []]]);
  expect(told(refuses)).toEqual([['refuses', []]]);
});

test('no finding is lost if two follow from each other', () => {
  expect(told({ ...opens, follows: 'refuses' }, refuses)).toEqual([
    ['opens', []],
    ['refuses', []],
  ]);
});

test('failed causes come before inconclusive ones, those that explain most first', () => {
  const unsure = finding('unsure', 'INCONCLUSIVE');
  const alone = finding('alone', 'FAIL');
  expect(told(unsure, alone, refuses, opens).map(([check]) => check)).toEqual(['opens', 'alone', 'unsure']);
});

test('a cause that several scenarios share is told once, those that explain most first', () => {
  const alone = finding('alone', 'FAIL');
  const scenarios = [
    scenarioResult('chaos/a', [alone, finding('once', 'FAIL')]),
    scenarioResult('chaos/b', [alone, opens, refuses]),
    scenarioResult('chaos/c', [opens, refuses, closes]),
  ];
  expect(commonCauses({ scenarios })).toEqual([
    { check: 'opens', verdict: 'FAIL', scenarios: ['chaos/b', 'chaos/c'], followers: 3 },
    { check: 'alone', verdict: 'FAIL', scenarios: ['chaos/a', 'chaos/b'], followers: 0 },
  ]);
});
