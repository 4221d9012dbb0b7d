import { caughtBy, runNamed } from '../defect.ts';
import { withLlmFailure, withMemory, withQuery, withSettings } from '../run-with.ts';

const started = new Date().toISOString();

export const defects = [
  ...caughtBy('chaos/accepted-work', 'work-accepted', {
    // If the LLM fails, the event is stored as pending, but the caller gets an internal error.
    'pending-event-is-an-internal-error': {
      check: 'accepts work: conversation-end without groq',
      run: withLlmFailure(() => {
        throw new Error('the analysis failed');
      }),
    },
  }),
  ...caughtBy('chaos/accepted-work', 'work-finished', {
    // The interval of the worker is in the code. Pending events are finished seconds later.
    'pending-events-finished-late': {
      check: 'finishes work by itself: conversation-end without groq',
      run: withSettings({ PENDING_WORKER_INTERVAL_MS: '8000' }),
    },
    // The worker never runs. A pending event is finished only if a client repeats its request.
    'pending-events-left-to-clients': {
      check: 'finishes work by itself: conversation-end without groq',
      says: 'groq: none; mem0: none',
      run: withSettings({ PENDING_WORKER_ENABLED: 'false' }),
    },
    // A process finishes only events that failed in it, as if they were in its memory.
    'pending-events-lost-at-a-restart': {
      check: 'finishes work by itself: conversation-end without mem0, then SIGTERM',
      run: withQuery(
        (database) => (statement, values) =>
          database.query(
            statement.replace(
              'WHERE memory_event_id IS NULL AND',
              `WHERE created_at >= '${started}' AND memory_event_id IS NULL AND`,
            ),
            values,
          ),
      ),
    },
  }),
  ...caughtBy('chaos/accepted-work', 'work-finished-once', {
    // An event that failed before is finished, and then once more.
    'pending-event-finished-twice': {
      check: 'finishes work once: conversation-end without mem0',
      run: withMemory((memory) => {
        const failed = new Set<string>();
        return {
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
        };
      }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
