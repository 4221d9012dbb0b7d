import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { requireUser } from '../protections/authentication.ts';
import { activitiesSuggestSchema, read } from '../schemas/bodies.ts';
import { recentAnalyses } from '../storage/events.ts';
import { readSuggestions, suggestionPrompt } from '../upstreams/prompts.ts';

const MEMORY_QUERY = 'interests, and activities that the user enjoys';

/**
 * `POST /v1/activities/suggest`: loads the user's events and memories, then asks the LLM to suggest activities. The
 * database connection is released before the first upstream call. If the memory API's breaker is open, the database is
 * not queried.
 */
export function activitiesSuggest({ breakers, llm, memory, database, startBudget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const userId = requireUser(response, read(activitiesSuggestSchema, request.body).user_id);
    const refusal = breakers.memory.refusal();
    if (refusal) throw refusal;
    const budget = startBudget();
    const analyses = await recentAnalyses(database, userId);
    const search = () => memory.search(userId, MEMORY_QUERY, budget);
    const memories = await breakers.memory.call(search, 'search_memories_from_api');
    const prompt = suggestionPrompt(analyses, memories);
    const answer = await breakers.llm.call(() => llm.invoke(prompt, budget));
    response.json({
      user_id: userId,
      suggestions: readSuggestions(answer),
      based_on: { events: analyses.length, memories: memories.length },
    });
  };
}
