import type { LlmModel } from '../../llm/catalogue.ts';

/** A model from a provider with an OpenAI-compatible API. */
export interface Model extends LlmModel {
  /** The model's output. For other kinds of models, such as guards, this is `text`. */
  readonly kind: 'text' | 'embedding';
  /** The length of an embedding model's vectors. */
  readonly dimensions?: number;
  /** Whether the model reasons before it replies. */
  readonly reasons?: boolean;
}
