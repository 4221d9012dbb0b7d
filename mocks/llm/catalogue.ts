/** A model as listed by the provider, with its limits. */
export interface LlmModel {
  readonly id: string;
  /** The model in the API's format. */
  readonly card: object;
  /** Maximum number of tokens in the prompt and the reply together. */
  readonly contextWindow: number;
  /** Maximum number of tokens in a reply. */
  readonly maxOutput: number;
}

/** A provider's models. */
export interface Catalogue<Model extends LlmModel> {
  readonly models: readonly Model[];
  /** Describes a model that is in the settings but not in the list. */
  describe(id: string): Model;
}

/** Returns the models selected by the setting `models`: all known models, or the listed ones. */
export function servedModels<Model extends LlmModel>(
  { models, describe }: Catalogue<Model>,
  setting: readonly string[] | object,
): ReadonlyMap<string, Model> {
  const known = new Map(models.map((model) => [model.id, model]));
  if (!Array.isArray(setting)) return known;
  return new Map((setting as string[]).map((id) => [id, known.get(id) ?? describe(id)]));
}
