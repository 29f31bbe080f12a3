import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { pipelineOf } from './pipelines/index.ts'

/** What keeps a search from starting: a file, beside the dataset, that its configuration names and that cannot be used. */
export async function wrongInput(config: RunConfig): Promise<string | undefined> {
  try {
    await pipelineOf(config).prepareInputs(config)
    return undefined
  } catch (error) {
    if (error instanceof TrellisError)
      return `A search would not start: ${error.message}\n  fix: ${error.fix}`
    throw error
  }
}
