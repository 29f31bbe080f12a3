import { z } from 'zod'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { isMeasured } from '../../nas/pipelines/topformer/latency.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { putPretraining, putSupernets } from './supernets.ts'

/**
 * Finds out whether latencies are to be measured, and lists what is to be trained first: the pretraining that no run has done yet, or
 * the supernets.
 */
export const prepare = lambdaFunction('Prepare', z.object(runEvent), async ({ run }, { store }) => {
  const record = await readRunToContinue(store, run, topformer)
  const pretraining = await putPretraining(store, record)
  const listed = pretraining ?? (await putSupernets(store, record))
  return {
    run,
    latency: !(await isMeasured(store, record)),
    pretrain: pretraining !== undefined,
    ...listed,
    round: 0,
  }
})

/** Lists the supernets once what they start from is pretrained. */
export const prepareSupernets = lambdaFunction(
  'PrepareSupernets',
  z.object(runEvent),
  async ({ run }, { store }) => ({
    run,
    ...(await putSupernets(store, await readRunToContinue(store, run, topformer))),
    round: 0,
  }),
)
