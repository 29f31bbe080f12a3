import type { Summary } from '../nas/runs/summary.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Pipeline } from '../pipelines/pipeline.ts'
import type { Standing } from '../report/note.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** What Step Functions runs of a pipeline: its definition, the code of its functions, and what its end tells. */
export interface PipelineFunctions<P extends Pipeline = Pipeline> {
  readonly definition: P
  readonly handlers: { readonly [F in keyof P['functions']]: LambdaFunction<unknown> }
  /** What a run has found so far, and why it stopped there. */
  findings(store: ObjectStore, run: string): Promise<Pick<Summary, 'stopped'>>
  /**
   * The report of a run in whatever state it is, as one HTML file. Loaded when it is drawn: it is the largest part.
   * @param standing of a run without an end
   * @throws TrellisError `not-found` where the store knows no such run
   */
  report(store: ObjectStore, run: string, standing?: Standing): Promise<string>
}
