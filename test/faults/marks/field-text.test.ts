import { expect, test } from 'vitest';
import { textOfField } from '../../../faults/marks/field-text.ts';

test.each([
  ['long', ['text', 'summary', 'longDescription', 'review_text', 'Answer', 'assistant-message']],
  ['short', ['title', 'city', 'firstName', 'label', 'topics', 'query', '', 'ключ', 'identity', 'notebook']],
  ['fixed', ['id', 'userId', 'USER_ID', 'memory_ids', 'imageURL', 'created_at', 'language', 'contentType', 'filename']],
])('a field is %s by the last word of its name', (text, names) => {
  const found = names.map((name) => `${name}: ${textOfField(name)}`);
  expect(found).toEqual(names.map((name) => `${name}: ${text}`));
});
