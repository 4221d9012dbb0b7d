import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { requireUser } from '../protections/authentication.ts';
import { activitiesSuggestSchema, read } from '../schemas/bodies.ts';
import { recentAnalyses } from '../storage/events.ts';
import { readSuggestions, suggestionPrompt } from '../upstreams/prompts.ts';

const MEMORY_QUERY = 'interests, and activities that the user enjoys';

/**
 * `POST /v1/activities/suggest`: reads the events and the memories of the user, and has the LLM suggest activities.
 * Releases the database connection before the first upstream call. Reads nothing if the breaker of the memory API is
 * open.
 */
export function activitiesSuggest({ breakers, llm, memory, database, startBudget }: Dependencies): RequestHandler {
  return async (request, response) => {
    const userId = requireUser(response, read(activitiesSuggestSchema, request.body).user_id);
    const refusal = breakers.memory.refusal();
    if (refusal) throw refusal;
    const budget = startBudget();
    const analyses = await recentAnalyses(database, userId);
    const memories = await breakers.memory.call(() => memory.search(userId, MEMORY_QUERY, budget));
    const prompt = suggestionPrompt(analyses, memories);
    const answer = await breakers.llm.call(() => llm.invoke(prompt, budget));
    response.json({
      user_id: userId,
      suggestions: readSuggestions(answer),
      based_on: { events: analyses.length, memories: memories.length },
    });
  };
}
