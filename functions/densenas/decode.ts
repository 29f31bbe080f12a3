import { z } from 'zod'
import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import { comparisonSchema } from '../../nas/pipelines/densenas/comparison.ts'
import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import { derivedSchema } from '../../nas/pipelines/densenas/derived.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { denseNasKeys, supernetKeys } from '../../nas/pipelines/densenas/keys.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { TRAIN_AGAIN } from '../../nas/runs/remedies.ts'
import { relax } from '../../nas/spaces/densenas/relaxation.ts'
import { plainJsonBytes, RESUME, requireJson } from '../../nas/store/json.ts'
import { modelFiles, putDecoded } from '../decoded.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { drawing } from './drawing.ts'

/** Writes the files of the network that was found, for users to export. */
export const decode = lambdaFunction('Decode', z.object(runEvent), async ({ run }, { store }) => {
  const keys = denseNasKeys(run)
  const { winner } = await requireJson(store, keys.comparison, comparisonSchema, RESUME, RESUME)
  const record = await readRunOf(store, run, denseNas)
  const { config } = record
  const derived = await requireJson(store, keys.derived, derivedSchema, RESUME, RESUME)
  const { genotype, path, netConfig, cost } = derived
  const space = spaceOf(config)
  const parameters = await requireJson(
    store,
    supernetKeys(derived.trial).architecture,
    architectureSchema,
    TRAIN_AGAIN,
    TRAIN_AGAIN,
  )
  const { paths: probabilities } = relax(parameters)
  const { denseNasDiagram } = await drawing()
  return {
    run,
    decoded: await putDecoded(store, run, {
      'genotype.json': plainJsonBytes(genotype),
      'net-config.txt': new TextEncoder().encode(`${netConfig}\n`),
      'diagram.svg': new TextEncoder().encode(
        denseNasDiagram({ space, image: config.image, genotype, path, probabilities }),
      ),
      'cost.json': plainJsonBytes({
        parameters: winner.parameters,
        multiplyAdds: winner.multiplyAdds,
        searched: cost,
      }),
      ...(await modelFiles(store, record, winner.trial)),
    }),
  }
})
