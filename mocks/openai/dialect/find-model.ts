import type { Question } from '../../llm/question.ts';
import type { Fake } from './answer.ts';
import type { ModelOptions } from './dialect.ts';
import type { Model } from './model.ts';

/** Returns the served model with this ID, or the provider's error response. */
export function findModel({ dialect, state }: Fake, id: string, kind: Model['kind'], endpoint: string) {
  const model = state.models.get(id);
  if (!model) return dialect.errors.unknownModel(id, 'model');
  return model.kind === kind ? model : dialect.errors.wrongModel(id, endpoint);
}

/** A question to a model. The field names are used in error messages. */
interface Use {
  readonly model: Model;
  readonly question: Question;
  readonly options: ModelOptions;
  readonly promptField: string;
}

/**
 * Returns an error response for an unsupported option, a token limit that is too high, or a prompt that is too long.
 */
export function refuseUse({ dialect }: Fake, { model, question, options, promptField }: Use): Response | undefined {
  const refusal = dialect.refuseOption(model, options);
  if (refusal) return refusal;
  const { maxTokens = 0, promptTokens } = question;
  if (options.limitField && maxTokens > model.maxOutput) {
    return dialect.errors.limitTooHigh(model, options.limitField, maxTokens);
  }
  if (promptTokens <= model.contextWindow) return undefined;
  return dialect.errors.contextExceeded(model, promptField, promptTokens);
}
