/** A model as listed by the provider, with its limits. */
export interface LlmModel {
  readonly id: string;
  /** The model in the API's format. */
  readonly card: object;
  /** Maximum number of tokens of the prompt and the reply together. */
  readonly contextWindow: number;
  /** Maximum number of tokens of a reply. */
  readonly maxOutput: number;
}

/** The models of a provider. */
export interface Catalogue<Model extends LlmModel> {
  readonly models: readonly Model[];
  /** Describes a model that is in the settings but not in the list. */
  describe(id: string): Model;
}

/** Returns the models that the setting `models` selects: all known models, or those in its list. */
export function servedModels<Model extends LlmModel>(
  { models, describe }: Catalogue<Model>,
  setting: readonly string[] | object,
): ReadonlyMap<string, Model> {
  const known = new Map(models.map((model) => [model.id, model]));
  if (!Array.isArray(setting)) return known;
  return new Map((setting as string[]).map((id) => [id, known.get(id) ?? describe(id)]));
}
