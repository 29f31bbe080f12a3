import { pipelines } from '../functions/index.ts'

/** The pipelines that can revise the ranking of a finished run: those with a machine `Revision`. */
export const revising = (): readonly string[] =>
  pipelines
    .all()
    .flatMap(([pipeline, { definition }]) => ('Revision' in definition.machines ? [pipeline] : []))

/**
 * The pipeline whose machine a schedule starts. The run may not be there yet when a stack is synthesized, so a schedule names its
 * pipeline where several revise rankings. Undefined for one that does not, or that names one which revises none.
 */
export function revisedBy({ pipeline }: { readonly pipeline?: string | undefined }): string | undefined {
  const all = revising()
  if (pipeline === undefined) return all.length === 1 ? all[0] : undefined
  return all.find((each) => each === pipeline)
}
