import type { LlmModel } from '../../llm/catalogue.ts';

/** A model of a provider that speaks OpenAI's API. */
export interface Model extends LlmModel {
  /** What the model produces; other kinds, such as guards, are `text`. */
  readonly kind: 'text' | 'embedding';
  /** The length of an embedding model's vectors. */
  readonly dimensions?: number;
  /** Whether the model reasons before it replies. */
  readonly reasons?: boolean;
}
