import type { SegmentationDataset } from '../../data/dataset.ts'
import type { Engine } from '../../engines/engine.ts'
import type { Graph } from '../../graph/graph.ts'
import { readSpec } from '../../runs/trial.ts'
import { evaluationGraph } from '../../spaces/topformer/sub-networks.ts'
import { RESUME, requireJson } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { segmentationCard } from '../../tasks/model-card.ts'
import type { Dataset } from '../../tasks/task.ts'
import type { Tensors } from '../../tensor.ts'
import { type FrontPoint, frontSchema } from './front.ts'
import { type InheritedNetworks, inheritedNetworks, readSupernet, type Supernet } from './inherited.ts'
import { topformerKeys } from './keys.ts'
import type { TopformerRun } from './run.ts'
import { evaluateSpecSchema } from './specs.ts'

/** A network of the front for one image, with inherited weights and its own statistics. */
export interface FrontNetwork extends FrontPoint {
  readonly graph: Graph
  readonly weights: Tensors
  readonly card: object
}

/** The networks of a run's front, calibrated as they were when they were scored. */
export async function frontNetworks(
  store: ObjectStore,
  record: TopformerRun,
  { engine, dataset }: { readonly engine: Engine; readonly dataset: () => Promise<Dataset> },
): Promise<{ readonly total: number; readonly networks: AsyncIterable<FrontNetwork> }> {
  const { points } = await requireJson(store, topformerKeys(record.run).front, frontSchema, RESUME, RESUME)
  return {
    total: points.length,
    networks: calibrated(points, {
      store,
      record,
      engine,
      dataset: (await dataset()) as SegmentationDataset,
    }),
  }
}

interface Context {
  readonly store: ObjectStore
  readonly record: TopformerRun
  readonly dataset: SegmentationDataset
  readonly engine: Engine
}

interface Opened extends Pick<Supernet, 'supernet'> {
  readonly networks: InheritedNetworks
}

async function* calibrated(
  points: readonly FrontPoint[],
  { store, record, dataset, engine }: Context,
): AsyncGenerator<FrontNetwork> {
  // Of a pair of supernets, each has scored a part of the front.
  const opened = new Map<string, Opened>()
  for (const point of points) {
    const spec = evaluateSpecSchema.parse(await readSpec(store, point.trial))
    if (!opened.has(spec.supernet)) {
      const { supernet, weights } = await readSupernet(store, spec)
      const { seed, calibration } = spec
      const options = { supernet, weights, dataset, images: calibration.images, seed }
      opened.set(spec.supernet, { supernet, networks: await inheritedNetworks(engine, options) })
    }
    const { supernet, networks } = opened.get(spec.supernet)!
    const { whole } = networks
    yield {
      ...point,
      weights: await networks.weightsOf(point.genotype),
      graph: evaluationGraph(supernet.networkOf(point.genotype), [1, 3, ...whole]),
      card: segmentationCard(record.config.dataset, dataset.classes, whole),
    }
  }
}
