import { z } from 'zod'
import { compareAll, putTrainings, withTrials } from '../../functions/comparison.ts'
import { modelFiles, putDecoded } from '../../functions/decoded.ts'
import { lambdaFunction, runEvent } from '../../functions/lambda-function.ts'
import type { PipelineFunctions } from '../../functions/pipeline.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { bestOf, bestTrial } from '../../nas/runs/comparison.ts'
import { getJson, jsonBytes, putJsonOnce, requireJson } from '../../nas/store/json.ts'
import {
  candidatesSchema,
  perceptron,
  perceptronKeys,
  type Ranking,
  rankingSchema,
  specOf,
} from './contract.ts'
import { definition } from './definition.ts'

const choose = lambdaFunction('Choose', z.object(runEvent), async ({ run }, { store }) => {
  const keys = perceptronKeys(run)
  const record = await readRunOf(store, run, perceptron)
  const { widths, seeds } = record.config
  const recorded = await getJson(store, keys.candidates, candidatesSchema)
  const layers = widths.map((width) => ({
    role: width === Math.min(...widths) ? ('narrowest' as const) : ('wide' as const),
    width,
  }))
  // Specs are written again where they are gone.
  const contenders = await withTrials(store, recorded?.contenders ?? layers, seeds, ({ width }, seed) =>
    specOf(record, width, seed),
  )
  if (recorded === undefined)
    await putJsonOnce(store, keys.candidates, candidatesSchema, { contenders: [...contenders] })
  const pending = await putTrainings(store, run, keys.shards, contenders, recorded && keys.ranking)
  return { run, manifest: keys.shards, pending }
})

const conclude = lambdaFunction('Conclude', z.object(runEvent), async ({ run }, { store }) => {
  const keys = perceptronKeys(run)
  const chosen = await requireJson(store, keys.candidates, candidatesSchema, 'choose widths first')
  const trained = await compareAll(store, run, chosen.contenders, perceptron.task.result)
  const contenders = trained.map(({ compared }) => compared)
  const { width, score, parameters, multiplyAdds, trials } = bestOf(contenders, run)
  const winner = { trial: bestTrial(trials), width, score, parameters, multiplyAdds }
  await store.put(keys.ranking, jsonBytes({ contenders, winner } satisfies Ranking))
  const record = await readRunOf(store, run, perceptron)
  await putDecoded(store, run, await modelFiles(store, record, winner.trial))
  return { run, winner: winner.trial }
})

export const functions: PipelineFunctions<typeof definition> = {
  definition,
  handlers: { Choose: choose, Conclude: conclude },
  async findings(store, run) {
    const ranking = await getJson(store, perceptronKeys(run).ranking, rankingSchema)
    return { stopped: null, width: ranking?.winner.width ?? null }
  },
  report: async (store, run, standing) => (await import('./report.ts')).drawReport(store, run, standing),
}
