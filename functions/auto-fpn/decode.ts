import { z } from 'zod'
import { comparisonSchema } from '../../nas/pipelines/auto-fpn/comparison.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { plainJsonBytes, RESUME, requireJson } from '../../nas/store/json.ts'
import { modelFiles, putDecoded } from '../decoded.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { drawing } from './drawing.ts'

/** Writes the files of the detector that was found, for users to export. */
export const decode = lambdaFunction('Decode', z.object(runEvent), async ({ run }, { store }) => {
  const keys = autoFpnKeys(run)
  const { winner } = await requireJson(store, keys.comparison, comparisonSchema, RESUME, RESUME)
  const record = await readRunOf(store, run, autoFpn)
  const { autoFpnDiagram } = await drawing()
  const { genotype, parameters, multiplyAdds, neck, head } = winner
  return {
    run,
    decoded: await putDecoded(store, run, {
      'genotype.json': plainJsonBytes(genotype),
      'diagram.svg': new TextEncoder().encode(autoFpnDiagram(genotype)),
      'cost.json': plainJsonBytes({ parameters, multiplyAdds, scopes: { neck, head } }),
      ...(await modelFiles(store, record, winner.trial)),
    }),
  }
})
