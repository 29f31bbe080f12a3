import { denseNas as contract } from '../../nas/pipelines/densenas/index.ts'
import type { JobPrograms } from '../jobs.ts'
import { forPipeline } from '../pipeline-context.ts'
import { classifier } from './classifier.ts'
import { latency } from './latency.ts'
import { supernet } from './supernet.ts'

const ofDenseNas = forPipeline(contract)

export const denseNas: JobPrograms<(typeof contract.jobs)[number]> = {
  latency: { run: ofDenseNas(latency) },
  supernet: { run: ofDenseNas(supernet), programs: 'many' },
  classifier: { run: ofDenseNas(classifier) },
}
