/** A model, as the provider's list shows it, and its limits. */
export interface LlmModel {
  readonly id: string;
  /** The model in the API's format. */
  readonly card: object;
  /** The maximum number of tokens of prompt and reply together. */
  readonly contextWindow: number;
  /** The maximum number of tokens of a reply. */
  readonly maxOutput: number;
}

/** The models of a provider. */
export interface Catalogue<Model extends LlmModel> {
  readonly models: readonly Model[];
  /** Describes a model that the settings name and that is not in the list. */
  describe(id: string): Model;
}

/** Returns the models that the setting `models` selects: all known ones, or those of its list. */
export function servedModels<Model extends LlmModel>(
  { models, describe }: Catalogue<Model>,
  setting: readonly string[] | object,
): ReadonlyMap<string, Model> {
  const known = new Map(models.map((model) => [model.id, model]));
  if (!Array.isArray(setting)) return known;
  return new Map((setting as string[]).map((id) => [id, known.get(id) ?? describe(id)]));
}
