import { topformer as contract } from '../../nas/pipelines/topformer/index.ts'
import type { JobPrograms } from '../jobs.ts'
import { forPipeline } from '../pipeline-context.ts'
import { evaluate } from './evaluate.ts'
import { latency } from './latency.ts'
import { pretrain } from './pretrain.ts'
import { supernet } from './supernet.ts'
import { train } from './train.ts'

const ofTopformer = forPipeline(contract)

export const topformer: JobPrograms<(typeof contract.jobs)[number]> = {
  latency: { run: ofTopformer(latency) },
  pretrain: { run: ofTopformer(pretrain), programs: 'many' },
  supernet: { run: ofTopformer(supernet), programs: 'many' },
  evaluate: { run: ofTopformer(evaluate) },
  train: { run: ofTopformer(train) },
}
