import type { Extent } from '../../../nas/data/dataset.ts'
import { sizeThatHolds } from '../../../nas/data/evaluation-size.ts'
import { cpuRewrites } from '../../../nas/graph/onnx/targets/cpu/rewrites.ts'
import { peakMemory } from '../../../nas/graph/peak-memory.ts'
import { spaceOf, type TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import { trainTask } from '../../../nas/pipelines/topformer/task.ts'
import { classificationSandwich, segmentationSandwich } from '../../../nas/spaces/topformer/sandwich.ts'
import { largest, smallest } from '../../../nas/spaces/topformer/space.ts'
import {
  calibrationOf,
  EVALUATED_AT_ONCE,
  evaluationGraph,
} from '../../../nas/spaces/topformer/sub-networks.ts'
import { type TopformerSupernet, topformerSupernet } from '../../../nas/spaces/topformer/supernet.ts'
import { calibrationGraph } from '../../../nas/training/calibrate.ts'
import { type SandwichGraphs, sandwichGraphs } from '../../../nas/training/sandwich.ts'
import { segmentationStep } from '../../../nas/training/segmentation.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import type { JobMemory, Need } from '../../memory.ts'
import { ALLOCATED, larger, phasesBytes, trainingBytes } from '../job-memory.ts'

/**
 * A supernet is trained by one job, which then evaluates its largest network; by many, sub-networks are evaluated, and what was found is
 * trained, of which the largest network of the space stands for all. Measured of a supernet
 * of `topformer-street` on 4 crops of 256x320: 0.8 GB of 1.1.
 */
export function topformerMemory(config: TopformerConfig, classes: number, extent: Extent): JobMemory {
  const { attentionScale } = config
  const supernet = topformerSupernet({ space: spaceOf(config), classes, attentionScale })
  const evaluation = evaluationNeed(supernet, extent)
  return {
    alone: larger(supernetNeed(config, supernet), evaluation, ...pretrainingNeeds(config)),
    each: larger(trainingNeed(config, classes), evaluation),
  }
}

function pretrainingNeeds({ pretrain, ...config }: TopformerConfig): readonly Need[] {
  if (pretrain === undefined || 'weights' in pretrain) return []
  const { image, batch, clip, labelSmoothing, ...optimiser } = pretrain
  const space = spaceOf(config)
  const supernet = topformerSupernet({ ...config, space, classes: CLASSES, head: 'images' })
  const { parameters: _, ...graphs } = sandwichGraphs(
    classificationSandwich({
      ...{ supernet, smallest: smallest(space), batch, image, clip, labelSmoothing },
      optimiser: sgd(optimiser),
    }),
    cpuRewrites,
  )
  return [
    {
      bytes: sandwichBytes(graphs),
      what: `pretrains the supernet on ${batch} images of ${image}x${image}`,
      fix: 'lower pretrain.batch or pretrain.image, search a space with smaller networks, or search on a machine with more memory',
    },
  ]
}

/** Of a linear layer on some hundreds of channels. */
const CLASSES = 1000

/** The programs of a sandwich step share one state. */
function supernetNeed(config: TopformerConfig, supernet: TopformerSupernet): Need {
  const { batch, crop, clip, ...optimiser } = config.supernet
  const least = smallest(spaceOf(config))
  const { parameters: _, ...graphs } = sandwichGraphs(
    segmentationSandwich({ ...{ supernet, smallest: least, batch, crop, clip }, optimiser: sgd(optimiser) }),
    cpuRewrites,
  )
  return {
    bytes: sandwichBytes(graphs),
    what: `trains the supernet on ${batch} crops of ${crop.join('x')}`,
    fix: fixFor('supernet'),
  }
}

/** The teacher, then two students at once, then the update. */
const sandwichBytes = ({ largest, sampled, smallest, update }: Omit<SandwichGraphs, 'parameters'>): number =>
  phasesBytes([[largest], [sampled, sampled], [sampled, smallest], [update]])

function evaluationNeed(supernet: TopformerSupernet, { height, width }: Extent): Need {
  const shape = [EVALUATED_AT_ONCE, 3, ...sizeThatHolds(height, width)] as const
  const { statistics } = calibrationGraph(calibrationOf(supernet.network, shape))
  const evaluation = evaluationGraph(supernet.network, shape)
  return {
    // One after the other.
    bytes: ALLOCATED * Math.max(peakMemory(statistics), peakMemory(evaluation)),
    what: `evaluates ${EVALUATED_AT_ONCE} images of ${height}x${width}`,
    fix: 'scale down or cut the largest validation images and their masks, or search on a machine with more memory',
  }
}

function trainingNeed(config: TopformerConfig, classes: number): Need {
  const { attentionScale, retrain } = config
  const { batch, crop, steps } = retrain
  const network = { kind: 'genotype', genotype: largest(spaceOf(config)) } as const
  const task = trainTask({ network, attentionScale, classes }, batch, crop)
  return {
    bytes: trainingBytes(segmentationStep(task, sgd(retrain), steps, cpuRewrites)),
    what: `trains on ${batch} crops of ${crop.join('x')}`,
    fix: fixFor('retrain'),
  }
}

const fixFor = (section: string): string =>
  `lower ${section}.batch or ${section}.crop, search a space with smaller networks, or search on a machine with more memory`
