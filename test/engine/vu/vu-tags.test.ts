import { expect, it } from 'vitest';
import { VuTags } from '../../../engine/vu/vu-tags.ts';

it('the tags of a VU stay the same object until one changes', () => {
  const tags = new VuTags(new Set(['group']));
  tags.reset({ a: '1' });
  const before = tags.current;
  tags.set('a', 1);
  expect(tags.current).toBe(before);
  tags.set('a', 2);
  expect(before).toEqual({ a: '1' });
  expect(tags.current).toEqual({ a: '2' });
});

it('system tags are set if systemTags enables them; vu and iter become metadata', () => {
  const tags = new VuTags(new Set(['group', 'iter']));
  tags.setSystem('group', '::a');
  tags.setSystem('scenario', 'one');
  tags.setSystem('iter', '3');
  expect(tags.current).toEqual({ group: '::a' });
  expect(tags.metadata).toEqual({ iter: '3' });
});
