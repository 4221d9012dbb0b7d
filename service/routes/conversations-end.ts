import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies.ts';
import { insertEvent } from '../storage/events.ts';
import { analysisPrompt } from '../upstreams/prompts.ts';
import { conversationsEndSchema, read } from './bodies.ts';

/**
 * `POST /v1/conversations/end`: has the conversation analysed by the LLM, then memories extracted from it, then stores the
 * event. Nothing is stored if either upstream fails, and no connection is held while one is awaited.
 */
export function conversationsEnd({ breakers, llm, memory, database }: Dependencies): RequestHandler {
  return async (request, response) => {
    const { user_id: userId, conversation_id: conversationId, messages } = read(conversationsEndSchema, request.body);
    const analysis = await breakers.llm.call(() => llm.invoke(analysisPrompt(messages)));
    const memoryEventId = await breakers.memory.call(() => memory.extract({ userId, conversationId, messages }));
    const event = await insertEvent(database, { userId, conversationId, messages, analysis, memoryEventId });
    response.status(201).json(event);
  };
}
