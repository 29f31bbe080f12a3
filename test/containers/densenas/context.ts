import type { DenseNasContext } from '../../../containers/densenas/context.ts'
import { cacheSamples } from '../../../nas/data/cache.ts'
import { shapesDataset } from '../../../nas/data/shapes/dataset.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { denseNas } from '../../../nas/pipelines/densenas/index.ts'
import { parseConfig } from '../../../nas/pipelines/parse-config.ts'
import { runOf, runRecordSchema } from '../../../nas/pipelines/run.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

const shapes = { kind: 'shapes', images: 60, validation: 30, size: 32, seed: 0 } as const
const dataset = cacheSamples(shapesDataset(shapes), 1 << 30)

/** The smallest run of `densenas`. */
export const record = runOf(
  runRecordSchema.parse({
    run: 'r',
    config: parseConfig(
      {
        pipeline: 'densenas',
        dataset: shapes,
        space: { preset: 'densenas-tiny' },
        search: { epochs: 2, batch: 8, cost: { batch: 2 } },
        retrain: { epochs: 3, batch: 10, learningRate: 0.05 },
      },
      'test',
    ),
    dataset: {
      fingerprint: dataset.fingerprint,
      classes: dataset.classes,
      train: dataset.train.length,
      validation: dataset.validation.length,
    },
    code: 'test',
    contract: CONTRACT,
    startedAt: 0,
  }),
  denseNas,
)

const engine = onnxRuntime({ threads: 1 })

/** What a job of that run works with, in this process. */
export const contextOf = async (
  job: string,
  store: ObjectStore,
  options: Partial<DenseNasContext> & { readonly trials?: readonly string[] } = {},
): Promise<DenseNasContext> => {
  const { trials = [], ...changes } = options
  return {
    job: {
      job,
      run: record.run,
      store: store.location,
      trials,
      cores: 'one',
      device: 'cpu',
      jobId: job,
      attempt: 1,
    },
    store,
    record,
    engine: await engine,
    checkMachine: async () => {},
    signal: new AbortController().signal,
    dataset: async () => dataset,
    progress: () => {},
    ...changes,
  }
}
