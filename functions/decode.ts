import { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { runKeys, trialKeys } from '../nas/runs/keys.ts'
import { rerankSchema } from '../nas/runs/rerank.ts'
import { toDeepLab } from '../nas/spaces/dpc/deeplab.ts'
import { dpcDiagram } from '../nas/spaces/dpc/diagram.ts'
import { jsonBytes, requireJson } from '../nas/store/json.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

/** Lays out what people take away of the winner. */
export const decode = lambdaFunction('Decode', z.object(runEvent), async ({ run }, { store }) => {
  const keys = runKeys(run)
  const { winner } = await requireJson(store, keys.rerank, rerankSchema, 're-rank the run first')
  const trained = trialKeys(winner.trial)
  const model = await store.get(trained.model)
  if (model === undefined) {
    throw new TrellisError('not-found', `${store.location}/${trained.model} does not exist`, {
      fix: `delete ${store.location}/${trained.result}, then resume the run: the winner is trained again`,
    })
  }
  const files = {
    'genotype.json': jsonBytes(winner.genotype),
    'deeplab.json': new TextEncoder().encode(`${JSON.stringify(toDeepLab(winner.genotype))}\n`),
    'diagram.svg': new TextEncoder().encode(dpcDiagram(winner.genotype)),
    'cost.json': jsonBytes({ parameters: winner.parameters, multiplyAdds: winner.multiplyAdds }),
    'model.onnx': model,
  }
  await Promise.all(Object.entries(files).map(([file, bytes]) => store.put(keys.decoded(file), bytes)))
  return { run, decoded: keys.decoded('') }
})
