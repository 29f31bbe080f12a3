/** What went wrong, as a stable word that programs can test for. */
export type ErrorCode =
  | 'invalid-config'
  | 'invalid-dataset'
  | 'invalid-genotype'
  | 'invalid-graph'
  | 'invalid-checkpoint'
  | 'invalid-pipeline'
  | 'unsupported'
  | 'store-failed'
  | 'service-failed'
  | 'job-failed'
  | 'trial-failed'
  | 'not-found'

/**
 * The one error family of Trellis: something a person can act on.
 *
 * `message` is one line that says what is wrong and where; `fix` is one line that says what to do next.
 * The command line prints both and exits with 2 (cli/boundary.ts has the other exit statuses). Anything else that is thrown is a
 * defect of Trellis itself.
 */
export class TrellisError extends Error {
  readonly code: ErrorCode
  readonly fix: string | undefined
  /** Whether it stays, although others of its code may pass: what is damaged in a store is so the next time, too. */
  readonly permanent: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: { fix?: string; cause?: unknown; permanent?: boolean } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'TrellisError'
    this.code = code
    this.fix = options.fix
    this.permanent = options.permanent ?? false
  }
}
