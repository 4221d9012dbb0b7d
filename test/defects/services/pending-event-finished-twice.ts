/** Defect: an event that failed before is finished, and then once more. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/accepted-work',
  'work-finished-once',
  'finishes work once: conversation-end without mem0',
);

if (import.meta.main)
  await runWithParts(({ memory }) => {
    const failed = new Set<string>();
    return {
      memory: {
        ...memory,
        async extract(conversation, budget) {
          const id = conversation.conversationId;
          try {
            const event = await memory.extract(conversation, budget);
            if (failed.delete(id)) setTimeout(() => memory.extract(conversation, budget).catch(() => {}), 500);
            return event;
          } catch (error) {
            failed.add(id);
            throw error;
          }
        },
      },
    };
  });
