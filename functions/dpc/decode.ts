import { z } from 'zod'
import { foundBy, rerankSchema } from '../../nas/pipelines/dpc/comparison.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { toDeepLab } from '../../nas/spaces/dpc/deeplab.ts'
import { plainJsonBytes, RESUME, requireJson } from '../../nas/store/json.ts'
import { modelFiles, putDecoded } from '../decoded.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { drawing } from './drawing.ts'

/** Writes the files of the winner that users export. */
export const decode = lambdaFunction('Decode', z.object(runEvent), async ({ run }, { store }) => {
  const winner = foundBy(await requireJson(store, dpcKeys(run).rerank, rerankSchema, RESUME, RESUME))
  const { dpcDiagram } = await drawing()
  const files = {
    'genotype.json': plainJsonBytes(winner.genotype),
    'deeplab.json': new TextEncoder().encode(`${JSON.stringify(toDeepLab(winner.genotype))}\n`),
    'diagram.svg': new TextEncoder().encode(dpcDiagram(winner.genotype)),
    'cost.json': plainJsonBytes({ parameters: winner.parameters, multiplyAdds: winner.multiplyAdds }),
    ...(await modelFiles(store, await readRunOf(store, run, dpc), winner.trial)),
  }
  return { run, decoded: await putDecoded(store, run, files) }
})
