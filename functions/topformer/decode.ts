import { z } from 'zod'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { comparisonSchema } from '../../nas/pipelines/topformer/comparison.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { readTask } from '../../nas/pipelines/topformer/latency.ts'
import { costOf } from '../../nas/spaces/topformer/cost.ts'
import { plainJsonBytes, RESUME, requireJson } from '../../nas/store/json.ts'
import { modelFiles, putDecoded } from '../decoded.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { drawing } from './drawing.ts'

/** Writes the files of the best network that was found, for users to export. */
export const decode = lambdaFunction('Decode', z.object(runEvent), async ({ run }, { store }) => {
  const { winner } = await requireJson(store, topformerKeys(run).comparison, comparisonSchema, RESUME, RESUME)
  const record = await readRunOf(store, run, topformer)
  const { genotype } = winner
  const { topformerDiagram } = await drawing()
  const files = {
    'genotype.json': plainJsonBytes(genotype),
    'diagram.svg': new TextEncoder().encode(topformerDiagram(genotype)),
    'cost.json': plainJsonBytes(costOf(genotype, await readTask(store, record))),
    ...(await modelFiles(store, record, winner.trial)),
  }
  return { run, decoded: await putDecoded(store, run, files) }
})
