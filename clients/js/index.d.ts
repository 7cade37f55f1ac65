// api.d.ts is made from openapi.json.
import type { components, operations } from "./api.js";

type Schemas = components["schemas"];
type Query<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

export type Entry = Schemas["DistributionRequest"]["outlets"][number];
export type Options = Omit<Schemas["DistributionRequest"], "outlets">;
export type Distribution = Schemas["Distribution"];
export type BatchStory = Schemas["BatchStory"];
export type StoryResult = Schemas["StoryResult"];
export type Story = NonNullable<Schemas["CoverageRequest"]["story"]>;
export type Article = Schemas["SentArticle"];
export type CoverageOptions = Options & Pick<Schemas["CoverageRequest"], "baseline">;
export type Coverage = Schemas["Coverage"];
export type Resolved = Schemas["Resolved"];
export type OutletDetail = Schemas["OutletDetail"];
export type Dataset = Schemas["DatasetDetail"];
export type Problem = Schemas["Problem"];

export class ClientError extends Error {}

/** No answer, none in time, or none from the service. */
export class NoAnswerError extends ClientError {}

/** A refusal by the service. */
export class ProblemError extends ClientError {
  readonly problem: Problem;
  readonly status: number;
  readonly detail: string;
  readonly errors: NonNullable<Problem["errors"]>;
}

export interface ClientOptions {
  apiKey?: string | null;
  /** Seconds that one try may take. */
  timeout?: number;
  /** Further tries after 429, 503 and faults of the connection. */
  retries?: number;
  fetch?: typeof fetch;
}

export class Client {
  constructor(baseUrl: string, options?: ClientOptions);
  /** Score the outlets that cover one story. */
  distribution(outlets: Entry[], options?: Options): Promise<Distribution>;
  /** Yield one result for each story, in order. */
  batch(
    stories: Iterable<BatchStory> | AsyncIterable<BatchStory>,
    options?: Options & { most?: number },
  ): AsyncGenerator<StoryResult>;
  /** Return the whole panel of a story. */
  coverage(story: Story | null, articles: Article[], options?: CoverageOptions): Promise<Coverage>;
  /** Return the meaning of an entry, with candidates. */
  resolve(entry: string, options?: Omit<Query<"resolve_entry">, "q">): Promise<Resolved>;
  /** Return all that is known about an outlet. */
  outlet(domain: string): Promise<OutletDetail>;
  /** Return version, counts, and each rater with its terms. */
  dataset(): Promise<Dataset>;
}
