import { z } from 'zod'
import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import { comparisonSchema } from '../../nas/pipelines/densenas/comparison.ts'
import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import { derivedSchema } from '../../nas/pipelines/densenas/derived.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { denseNasDiagram } from '../../nas/spaces/densenas/diagram.ts'
import { relax } from '../../nas/spaces/densenas/relaxation.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import { putDecoded, trainedModel } from '../decoded.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Lays out what people take away of the network that was found. */
export const decodeDenseNas = lambdaFunction(
  'DecodeDenseNas',
  z.object(runEvent),
  async ({ run }, { store }) => {
    const keys = runKeys(run)
    const { winner } = await requireJson(store, keys.comparison, comparisonSchema, 'compare the run first')
    const { config } = await readRunOf(store, run, 'densenas')
    const derived = await requireJson(store, keys.derived, derivedSchema, 'derive it first')
    const { genotype, path, netConfig, cost } = derived
    const space = spaceOf(config)
    const parameters = await requireJson(
      store,
      trialKeys(derived.trial).architecture,
      architectureSchema,
      'search again',
    )
    const { paths: probabilities } = relax(parameters)
    return {
      run,
      decoded: await putDecoded(store, run, {
        'genotype.json': jsonBytes(genotype),
        'net-config.txt': new TextEncoder().encode(`${netConfig}\n`),
        'diagram.svg': new TextEncoder().encode(
          denseNasDiagram({ space, image: config.image, genotype, path, probabilities }),
        ),
        'cost.json': jsonBytes({
          parameters: winner.parameters,
          multiplyAdds: winner.multiplyAdds,
          searched: cost,
        }),
        'model.onnx': await trainedModel(store, winner.trial),
      }),
    }
  },
)
