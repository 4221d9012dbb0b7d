import type { ChatMessage } from '../schemas/chat-message.ts';

/** Asks for the analysis of a conversation that has ended. */
export function analysisPrompt(messages: readonly ChatMessage[]): ChatMessage[] {
  const transcript = messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
  return [
    {
      role: 'system',
      content: 'Summarise the conversation in two sentences: its topic, and how the user felt about it.',
    },
    { role: 'user', content: transcript },
  ];
}

/** Asks for activities, one a line, that fit what is known of a user. */
export function suggestionPrompt(analyses: readonly string[], memories: readonly string[]): ChatMessage[] {
  return [
    {
      role: 'system',
      content: 'Suggest up to five activities for the user, one a line, without numbering or comment.',
    },
    { role: 'user', content: [...analyses, ...memories].join('\n') || 'Nothing is known of the user yet.' },
  ];
}

/** Reads the suggestions from the LLM's answer: its lines, without the bullets that models add all the same. */
export function readSuggestions(answer: string): string[] {
  const lines = answer.split('\n').map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim());
  return lines.filter(Boolean).slice(0, 5);
}
