import { getNotes } from '../nas/runs/dataset.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { count, counted, duration, usd } from '../report/format.ts'
import { budgetInWords } from './budget.ts'
import { estimateOf } from './estimate-run.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Row } from './pipelines/pipeline.ts'
import { jobsAtOnce, placeOfRun } from './place.ts'
import { version } from './version.ts'

function imagesOf({ train, validation, test }: RunRecord['dataset']): string {
  if (test === undefined) return `${count(train)} training and ${counted(validation, 'validation image')}`
  return `${count(train)} training, ${count(validation)} validation and ${counted(test, 'test image')}`
}

/** What a run is about to do, in a few lines. */
export async function planOf(store: ObjectStore, record: RunRecord): Promise<string> {
  const { run, config, dataset } = record
  const { compute } = config
  const place = placeOfRun(record)
  const pipeline = pipelineOf(config)
  const { extent } = await getNotes(store, run, dataset.fingerprint)
  const estimate = estimateOf(pipeline, config, { ...dataset, extent }, place)
  const budget = budgetInWords(config, pipeline.comparison(estimate))
  const rows: readonly Row[] = [
    ['data', `${config.dataset.kind}: ${imagesOf(dataset)}, ${dataset.classes.length} classes`],
    ...pipeline.plan(config, estimate),
    [
      'compute',
      `${place === 'here' ? 'this computer' : compute.card}, ${counted(jobsAtOnce(compute, place), 'job')} at once`,
    ],
    ...(budget === undefined ? [] : [['budget', budget] as const]),
    ['estimate', `${duration(estimate.hours * 3600)}, ${usd(estimate.usd)}`],
  ]
  return [
    `Trellis ${version}: run ${run} in ${config.store}`,
    ...rows.map(([label, text]) => `  ${label.padEnd(10)}${text}`),
  ].join('\n')
}
