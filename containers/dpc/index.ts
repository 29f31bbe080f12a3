import { dpc as contract } from '../../nas/pipelines/dpc/index.ts'
import type { JobPrograms } from '../jobs.ts'
import { forPipeline } from '../pipeline-context.ts'
import { features } from './features.ts'
import { pretrain } from './pretrain.ts'
import { proxyTask } from './proxy-task.ts'
import { survey } from './survey.ts'
import { train } from './train.ts'

const ofDpc = forPipeline(contract)

export const dpc: JobPrograms<(typeof contract.jobs)[number]> = {
  pretrain: { run: ofDpc(pretrain) },
  features: { run: ofDpc(features) },
  'proxy-task': { run: ofDpc(proxyTask) },
  train: { run: ofDpc(train) },
  survey: { run: ofDpc(survey) },
}
