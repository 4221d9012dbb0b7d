import { expect, test } from 'vitest';
import { VuTags } from '../../../engine/vu/vu-tags.ts';

test('the tags of a VU stay the same object until one changes', () => {
  const tags = new VuTags(new Set(['group']));
  tags.reset({ a: '1' });
  const before = tags.current;
  tags.set('a', 1);
  expect(tags.current).toBe(before);
  tags.set('a', 2);
  expect(before).toEqual({ a: '1' });
  expect(tags.current).toEqual({ a: '2' });
});

test('system tags are set if systemTags enables them; vu and iter become metadata', () => {
  const tags = new VuTags(new Set(['group', 'iter']));
  tags.setSystem('group', '::a');
  tags.setSystem('scenario', 'one');
  tags.setSystem('iter', '3');
  expect(tags.current).toEqual({ group: '::a' });
  expect(tags.metadata).toEqual({ iter: '3' });
});

test('a VU that enters a group again has the same object of tags, until another tag changes', () => {
  const tags = new VuTags(new Set(['group']));
  tags.reset({ a: '1' });
  const ofGroup = (name: string) => {
    tags.setSystem('group', name);
    return tags.current;
  };
  const before = ofGroup('::one');
  expect(ofGroup('')).toEqual({ a: '1', group: '' });
  expect(ofGroup('::one')).toBe(before);
  tags.set('a', 2);
  expect(ofGroup('')).toEqual({ a: '2', group: '' });
  expect(ofGroup('::one')).toEqual({ a: '2', group: '::one' });
  tags.delete('group');
  expect(tags.current).toEqual({ a: '2' });
  expect(ofGroup('')).toEqual({ a: '2', group: '' });
  expect(before).toEqual({ a: '1', group: '::one' });
});

test('a script may make up any number of groups', () => {
  const tags = new VuTags(new Set(['group']));
  for (let number = 0; number < 1_000; number += 1) {
    tags.setSystem('group', `::${number}`);
    expect(tags.current).toEqual({ group: `::${number}` });
  }
});
