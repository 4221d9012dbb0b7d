import type { ChatMessage } from '../schemas/chat-message.ts';

/** Returns the prompt that asks for an analysis of a conversation. */
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

/** Returns the prompt that asks for suggested activities, one per line. */
export function suggestionPrompt(analyses: readonly string[], memories: readonly string[]): ChatMessage[] {
  return [
    {
      role: 'system',
      content: 'Suggest up to five activities for the user, one a line, without numbering or comment.',
    },
    { role: 'user', content: [...analyses, ...memories].join('\n') || 'Nothing is known of the user yet.' },
  ];
}

/** Parses the LLM's suggestions. There is one per line, and the bullets that models sometimes add are removed. */
export function readSuggestions(answer: string): string[] {
  const lines = answer.split('\n').map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim());
  return lines.filter(Boolean).slice(0, 5);
}
