import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { cpuRewrites } from '../../../nas/graph/onnx/targets/cpu/rewrites.ts'
import { peakMemory } from '../../../nas/graph/peak-memory.ts'
import {
  type AutoFpnConfig,
  cachesFeatures,
  dimensionsOf,
  type Module,
  modulesOf,
  searchableOf,
  searchOf,
} from '../../../nas/pipelines/auto-fpn/config.ts'
import { networkOf, pyramidOf } from '../../../nas/pipelines/auto-fpn/network.ts'
import { type Descent, isOneStage } from '../../../nas/pipelines/auto-fpn/settings.ts'
import { methodsOf } from '../../../nas/pipelines/auto-fpn/size.ts'
import { type SupernetNetwork, supernetOf } from '../../../nas/pipelines/auto-fpn/supernet-network.ts'
import { random } from '../../../nas/random.ts'
import type { AutoFpnGenotype } from '../../../nas/spaces/auto-fpn/genotype.ts'
import { supernetGraphs } from '../../../nas/spaces/auto-fpn/search/graphs.ts'
import { autoFpnSpace } from '../../../nas/spaces/auto-fpn/space.ts'
import { evaluationGraph } from '../../../nas/training/detection/evaluate.ts'
import {
  EPSILON,
  fromCache,
  fromImages,
  frozen,
  levelName,
} from '../../../nas/training/detection/features.ts'
import { levelShapes } from '../../../nas/training/detection/level-shapes.ts'
import { lossOf } from '../../../nas/training/detection/loss.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import type { JobMemory, Need } from '../../memory.ts'
import { ALLOCATED, larger, trainingBytes } from '../job-memory.ts'

/**
 * The backbone is trained, and its features are computed, by one job; so is each module searched, or by one job a method; detectors are
 * trained by many. Which are found is not known yet: one that is drawn from the space stands for them. Measured with
 * a backbone of half the width on images of 128x256: 0.37 GB, 0.53 GB and 0.55 GB in all.
 */
export function autoFpnMemory(config: AutoFpnConfig, classes: number): JobMemory {
  const parts = partsOf(config, classes)
  const { backbone, retrain } = config
  const searches = modulesOf(config).map((module) => searchNeed(config, parts, module))
  const isOneAtOnce = methodsOf(config).length === 1
  const features = cachesFeatures(config) ? [featuresNeed(parts)] : []
  const pretraining =
    'pretrain' in backbone ? [trainingNeed(parts, null, backbone.pretrain, 'backbone.pretrain')] : []
  const detectors = larger(
    evaluationNeed(parts),
    ...[null, parts.typical].map((genotype) => trainingNeed(parts, genotype, retrain, 'retrain')),
  )
  return {
    alone: larger(evaluationNeed(parts), ...features, ...pretraining, ...(isOneAtOnce ? searches : [])),
    each: larger(detectors, ...(isOneAtOnce ? [] : searches)),
  }
}

type Parts = ReturnType<typeof partsOf>

function partsOf(config: AutoFpnConfig, classes: number) {
  const { backbone, detector, image, retrain } = config
  const { network, width } = backbone
  const sizes = { backbone: { network, width, weights: '' }, classes, detector, image }
  return {
    sizes,
    backbone: pyramidOf(sizes),
    typical: autoFpnSpace(dimensionsOf(config, searchableOf(config))).sample(random(0, 'memory')),
    batchNorm: retrain.batchNorm,
  }
}

const fixFor = (batch: string): string =>
  `lower ${batch}, image or the sizes in detector, take a smaller backbone, or search on a machine with more memory`

const imagesOf = ({ image }: Parts['sizes'], batch: number): string => `${batch} images of ${image.join('x')}`

function featuresNeed({ sizes, backbone }: Parts): Need {
  const graph = new GraphBuilder()
  const levels = fromImages(backbone, 1, sizes.image)(frozen(graph))
  const features = graph.build(Object.fromEntries(levels.map((level, i) => [levelName(i), level])))
  return {
    bytes: ALLOCATED * peakMemory(features),
    what: `computes features of ${imagesOf(sizes, 1)}`,
    fix: fixFor('search.views'),
  }
}

function evaluationNeed({ sizes, backbone, typical, batchNorm }: Parts): Need {
  const features = fromImages(backbone, 1, sizes.image)
  const detector = () => networkOf(sizes, typical, batchNorm)
  return {
    bytes: ALLOCATED * peakMemory(evaluationGraph(features, detector)),
    what: `evaluates ${imagesOf(sizes, 1)}`,
    fix: fixFor(isOneStage(sizes.detector) ? 'detector.levels' : 'detector.proposals'),
  }
}

/** @param section of the configuration, by its path */
function trainingNeed(
  { sizes, backbone, batchNorm }: Parts,
  genotype: AutoFpnGenotype | null,
  { batch, ...optimiser }: Descent,
  section: string,
): Need {
  const forward = lossOf(
    (graph) => ({ graph, mode: 'training', batchNorm: { decay: 0, epsilon: EPSILON } }),
    fromImages(backbone, batch, sizes.image),
    networkOf(sizes, genotype, genotype !== null && batchNorm),
    batch,
  )
  return {
    bytes: trainingBytes(trainingStep(forward, sgd(optimiser), { rewrites: cpuRewrites })),
    what: `trains on ${imagesOf(sizes, batch)}`,
    fix: fixFor(`${section}.batch`),
  }
}

/** Steps for the weights and for the architecture are two programs. */
function searchNeed(config: AutoFpnConfig, { sizes, backbone, typical }: Parts, module: Module): Need {
  const search = searchOf(config)
  const { image } = sizes
  const isOnNeck = module === 'head' && modulesOf(config).includes('neck')
  const features = search.freezeBackbone
    ? fromCache(levelShapes(backbone, image), search.batch)
    : fromImages(backbone, search.batch, image)
  const task: SupernetNetwork = {
    ...sizes,
    ...{ module, search, space: dimensionsOf(config, [module]) },
    method: 'softmax',
    neck: isOnNeck
      ? { genotype: { space: typical.space, version: typical.version, neck: typical.neck } }
      : null,
  }
  const { weights, architecture } = supernetGraphs(supernetOf(task, features), {
    weights: search,
    architecture: { ...search.architecture, epsilon: 0 },
    rewrites: cpuRewrites,
  })
  return {
    bytes: trainingBytes(weights, architecture),
    what: `searches the ${module} on ${imagesOf(sizes, search.batch)}`,
    fix: fixFor('search.batch'),
  }
}
