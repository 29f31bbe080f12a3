import { GraphBuilder } from '../../nas/graph/builder.ts'
import { cost } from '../../nas/graph/cost.ts'
import type { OutputStride } from '../../nas/nets/atrous.ts'
import { mobileNetV2Width } from '../../nas/nets/mobilenet-v2-width.ts'
import { type ClassifierNetwork, classifierNetwork } from '../../nas/pipelines/densenas/classifier-network.ts'
import type { NetworkCandidate } from '../../nas/pipelines/densenas/comparison.ts'
import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import type { Derived } from '../../nas/pipelines/densenas/derived.ts'
import type { DenseNasRun } from '../../nas/pipelines/densenas/run.ts'
import { random } from '../../nas/random.ts'
import {
  type Architecture,
  costOf,
  genotypeOf,
  sampleArchitecture,
} from '../../nas/spaces/densenas/architecture.ts'
import type { CostTable } from '../../nas/spaces/densenas/expected-cost.ts'
import { multiplyAddsTable } from '../../nas/spaces/densenas/operation-graphs.ts'
import type { DenseNasSpace } from '../../nas/spaces/densenas/space.ts'

type Network = Omit<NetworkCandidate, 'trials'>

/**
 * The network that was found and, if they are wanted, baselines of about as many multiply-adds.
 * @param latencies the table that the search had; null for one by multiply-adds
 */
export function candidatesOf(
  { config, dataset }: DenseNasRun,
  { genotype: found, cost }: Derived,
  { latencies, withBaselines }: { readonly latencies: CostTable | null; readonly withBaselines: boolean },
): readonly Network[] {
  const { image, seed, baselines } = config
  const classes = dataset.classes.length
  const entry = (role: Network['role'], network: ClassifierNetwork): Network => ({
    role,
    network,
    multiplyAdds: multiplyAddsOf(network, image, classes),
  })
  const derived = {
    ...entry('derived', { kind: 'densenas', genotype: found }),
    ...(cost.unit === 'ms' && { latency: cost.value }),
  }
  if (!withBaselines) return [derived]
  const space = spaceOf(config)
  const { multiplyAdds } = derived
  const costs = multiplyAddsTable(space, { image, classes })
  const drawn = Array.from({ length: baselines.random }, (_, i) => {
    const architecture = randomArchitecture(space, costs, multiplyAdds, random(seed, 'random-baseline', i))
    return {
      ...entry('random', { kind: 'densenas', genotype: genotypeOf(space, architecture) }),
      ...(latencies !== null && { latency: costOf(space, architecture, latencies) }),
    }
  })
  // MobileNetV2 ends at one of these.
  const stride = Math.min(32, Math.max(4, space.stages.at(-1)!.stride)) as OutputStride
  const mobileNetV2 = () =>
    entry('mobilenet-v2', {
      kind: 'mobilenet-v2',
      stride,
      width: mobileNetV2Width({ image, classes, stride, multiplyAdds }),
    })
  return [derived, ...drawn, ...(baselines.mobileNetV2 ? [mobileNetV2()] : [])]
}

/** Equal cost, near enough. */
const TOLERANCE = 0.1
const DRAWS = 1000

/** The first of the draws that costs about as much as is wanted, or else the one that comes nearest. */
function randomArchitecture(
  space: DenseNasSpace,
  costs: CostTable,
  wanted: number,
  rng: ReturnType<typeof random>,
): Architecture {
  let nearest = { architecture: sampleArchitecture(space, rng), distance: Number.POSITIVE_INFINITY }
  for (let draw = 0; draw < DRAWS && nearest.distance > TOLERANCE * wanted; draw++) {
    const architecture = sampleArchitecture(space, rng)
    const distance = Math.abs(costOf(space, architecture, costs) - wanted)
    if (distance < nearest.distance) nearest = { architecture, distance }
  }
  return nearest.architecture
}

function multiplyAddsOf(network: ClassifierNetwork, image: number, classes: number): number {
  const graph = new GraphBuilder()
  const input = graph.input('image', { dtype: 'float32', shape: [1, 3, image, image] })
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-3 } } as const
  return cost(graph.build({ logits: classifierNetwork(network, classes)(context, input) })).multiplyAdds
}
