import { TrellisError } from '../nas/errors.ts'
import type { StateMachine } from '../pipelines/asl.ts'
import type { Pipeline } from '../pipelines/pipeline.ts'
import { resources, sharedFunctions } from '../pipelines/shared.ts'
import { substitute } from './substitute.ts'

/**
 * A machine of a pipeline with its names resolved: on this computer, each stands for itself but the bucket.
 * @throws TrellisError `invalid-pipeline` for a machine or a name that the pipeline does not have
 */
export function machineOf(pipeline: Pipeline, name: string, bucket: string): StateMachine {
  const machine = new Map(Object.entries(pipeline.machines)).get(name)
  if (machine === undefined)
    throw new TrellisError('invalid-pipeline', `${pipeline.name} has no machine ${name}`, {
      fix: `name one of ${Object.keys(pipeline.machines).join(', ')}`,
    })
  const known = new Set<string>([
    ...Object.keys(sharedFunctions),
    ...resources,
    ...[pipeline.functions, pipeline.jobs, pipeline.machines].flatMap((names) => Object.keys(names)),
  ])
  return substitute(machine, (placeholder) => {
    if (placeholder === 'Bucket') return bucket
    return known.has(placeholder) ? placeholder : undefined
  })
}

/** The environment that a job definition sets, by its name. */
export const definitionEnvironment =
  ({ jobs }: Pipeline, store: string) =>
  (name: string): Readonly<Record<string, string>> => {
    const { kind, cores } = jobs[name]!
    return { TRELLIS_JOB: kind, TRELLIS_CORES: cores, TRELLIS_STORE: store }
  }
