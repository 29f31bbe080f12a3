import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { checkEngine } from '../nas/runs/images.ts'
import { lookUnread } from './look-at.ts'
import { pipelineOf } from './pipelines/index.ts'
import { checkIsHere, type Place } from './place.ts'
import { printable } from './printable.ts'

/** What keeps a search from starting, beside the dataset: an engine that is not installed, or a file that cannot be used. */
export async function wrongInput(config: RunConfig, place: Place): Promise<string | undefined> {
  try {
    if (place === 'here') checkIsHere(config.compute)
    else checkEngine(config.compute)
    await pipelineOf(config).prepareInputs(config, lookUnread)
    return undefined
  } catch (error) {
    if (error instanceof TrellisError)
      return printable(`A search would not start: ${error.message}\n  fix: ${error.fix}`)
    throw error
  }
}
