import { z } from 'zod'
import { rerankSchema } from '../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { toDeepLab } from '../../nas/spaces/dpc/deeplab.ts'
import { dpcDiagram } from '../../nas/spaces/dpc/diagram.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import { putDecoded, trainedModel } from '../decoded.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/** Writes the files of the winner that users export. */
export const decode = lambdaFunction('Decode', z.object(runEvent), async ({ run }, { store }) => {
  const { winner } = await requireJson(store, dpcKeys(run).rerank, rerankSchema, 're-rank the run first')
  const files = {
    'genotype.json': jsonBytes(winner.genotype),
    'deeplab.json': new TextEncoder().encode(`${JSON.stringify(toDeepLab(winner.genotype))}\n`),
    'diagram.svg': new TextEncoder().encode(dpcDiagram(winner.genotype)),
    'cost.json': jsonBytes({ parameters: winner.parameters, multiplyAdds: winner.multiplyAdds }),
    'model.onnx': await trainedModel(store, winner.trial),
  }
  return { run, decoded: await putDecoded(store, run, files) }
})
