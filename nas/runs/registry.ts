import { TrellisError } from '../errors.ts'

/** What a layer knows of each pipeline: one record a pipeline, by its name. */
export interface Registry<T> {
  /** @throws TrellisError `invalid-pipeline` naming those that there are */
  of(pipeline: string): T
  all(): readonly (readonly [pipeline: string, record: T])[]
  /** Adds the record of a pipeline that does not come with Trellis, before anything asks for it. */
  register(pipeline: string, record: T): void
}

/** @param builtIn the records of the pipelines that come with Trellis, in the order in which people see them */
export function registry<T>(builtIn: Readonly<Record<string, T>>): Registry<T> {
  const records = new Map(Object.entries(builtIn))
  return {
    of(pipeline) {
      const record = records.get(pipeline)
      if (record !== undefined) return record
      throw new TrellisError('invalid-pipeline', `there is no pipeline ${pipeline}`, {
        fix: `name one of ${[...records.keys()].join(', ')}`,
      })
    },
    all: () => [...records],
    register: (pipeline, record) => void records.set(pipeline, record),
  }
}
