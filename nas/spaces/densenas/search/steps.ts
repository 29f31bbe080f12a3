import type { Engine, State } from '../../../engines/engine.ts'
import type { Graph } from '../../../graph/graph.ts'
import type { Rewrites } from '../../../graph/rewrites.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../tensor.ts'
import {
  type Accumulation,
  accumulation,
  secondAccumulator,
  secondNames,
} from '../../../training/parts/accumulators.ts'
import type { Features } from '../../../training/parts/part.ts'
import { type ProgramFlow, programsOn } from '../../../training/parts/programs.ts'
import type { Named } from '../../../training/parts/state.ts'
import type { Supernet } from '../supernet.ts'
import { type SupernetGraphs, type SupernetOptions, supernetGraphs } from './graphs.ts'
import { gradientsOf, namesFor, type Reductions, readOf, reductions } from './moments.ts'
import type { GatedOperation } from './sample.ts'
import type { Phase } from './schedule.ts'

export interface StepOutputs {
  readonly loss: number
  /** [N,classes] */
  readonly logits: Tensor
  /** d loss / d gate of each operation in a step for the architecture; none in one for the weights. */
  readonly gateGradients: readonly number[]
}

/** What trains a supernet. */
export interface SupernetSteps {
  /**
   * One step on the operations that were sampled, in the order of their layers. For the weights, it updates those of the
   * operations; for the architecture, it changes nothing.
   * @param inputs `image` [N,3,H,W], int32 `labels` [N], and `learningRate` of the weights
   */
  run(phase: Phase, operations: readonly GatedOperation[], inputs: Tensors): Promise<StepOutputs>
  dispose(): Promise<void>
}

/** What the programs of one step share. */
interface StepContext {
  readonly flow: ProgramFlow
  readonly supernet: Supernet
  readonly graphs: SupernetGraphs
  readonly reductions: Reductions
  readonly rewrites: Rewrites
  /** In an order in which they can run. */
  readonly operations: readonly GatedOperation[]
  /** Of an operation. */
  readonly threads: number
}

/** @param state has {@link supernetParameters} */
export function supernetSteps(engine: Engine, state: State, options: SupernetOptions): SupernetSteps {
  const { supernet, rewrites } = options
  const programs = programsOn(engine, state)
  const graphsFor = {
    weights: supernetGraphs(options, 'weights'),
    architecture: supernetGraphs(options, 'architecture'),
  }
  const shared = { supernet, rewrites, reductions: reductions(rewrites) }
  const features = featuresOf(supernet)
  const zeros = zerosFor(features, rewrites)
  const moments = features.flatMap((each) => readOf(each, rewrites).slice(1))
  const inOrder = executionOrder(supernet)

  async function run(phase: Phase, operations: readonly GatedOperation[], inputs: Tensors) {
    state.put(zeros)
    const graphs = graphsFor[phase]
    const flow = programs.begin(inputs)
    const threads = threadsOf(phase, engine.threads)
    const step: StepContext = { ...shared, flow, graphs, operations: inOrder(operations), threads }
    const result = startForward(step)
    const gradients = startBackward(step, phase)
    await flow.finished()
    state.drop([...Object.keys(zeros), ...moments.map(({ name }) => name), ...graphs.stem().savedActivations])
    const { loss, logits } = await result
    const byGates = await Promise.all(operations.map((operation) => gradients.get(operation)!))
    return {
      loss: loss!.data[0]!,
      logits: logits!,
      gateGradients: byGates.flatMap(({ gateGradient }) => (gateGradient ? [gateGradient.data[0]!] : [])),
    }
  }

  return { run, dispose: programs.dispose }
}

/** Starts the forward pass. @returns loss and logits */
function startForward(step: StepContext): Promise<Tensors> {
  const { flow, supernet, graphs, reductions, rewrites, threads } = step
  const { from: last } = supernet.classifier
  const accumulated = accumulation((features, hasSecond) => {
    const needsMoments = rewrites.byMoments && features.name !== last.name
    if (hasSecond || needsMoments)
      startReduction(flow, features, reductions.features(features.shape, { hasSecond, needsMoments }))
  })
  flow.start(graphs.stem().forward)
  accumulated.add(supernet.stem.to)
  for (const operation of step.operations) {
    const { from, to } = operation.layer
    accumulated.read(from)
    const names = chosenNames(accumulated, to, [to])
    flow.start(graphsOf(step, operation).forward, { inputs: gateOf(operation), names, threads })
  }
  accumulated.read(last)
  return flow.start(graphs.classifier())
}

/** Starts the backward pass. @returns outputs of each operation */
function startBackward(step: StepContext, phase: Phase): Map<GatedOperation, Promise<Tensors>> {
  const { flow, supernet, graphs, reductions, rewrites, threads } = step
  const accumulated = accumulation((features, hasSecond) => {
    if (hasSecond || rewrites.byMoments)
      startReduction(flow, features, reductions.gradients(features.shape, { hasSecond }))
  })
  const gradients = new Map<GatedOperation, Promise<Tensors>>()
  for (const operation of step.operations.toReversed()) {
    const { from, to } = operation.layer
    const { backward, savedActivations: drops } = graphsOf(step, operation)
    accumulated.read(to)
    const names = chosenNames(accumulated, from, gradientsOf(from, rewrites))
    gradients.set(operation, flow.start(backward, { inputs: gateOf(operation), names, threads, drops }))
  }
  if (phase === 'weights') {
    accumulated.read(supernet.stem.to)
    flow.start(graphs.stem().backward)
  }
  return gradients
}

const graphsOf = ({ graphs }: StepContext, { layer, candidate }: GatedOperation) =>
  graphs.operations.get(layer)![candidate]!()

/** All programs that read the features wait for their reduction, so that it has all threads. */
const startReduction = (flow: ProgramFlow, features: Features, graph: Graph) =>
  flow.start(graph, { names: namesFor(features, graph) })

const chosenNames = (accumulated: Accumulation, features: Features, accumulators: readonly Named[]) =>
  secondNames(accumulated.add(features) ? accumulators : [])

/**
 * Threads of an operation. With one operation a layer, most programs wait for each other: each has all threads. With two, as
 * many can run as there are threads.
 */
const threadsOf = (phase: Phase, all: number): number => (phase === 'weights' ? all : 1)

const gateOf = ({ gate }: GatedOperation): Tensors => ({ gate: float32([], [gate]) })

const featuresOf = ({ layers }: Supernet): Features[] => [
  ...new Map(layers.flatMap(({ from, to }) => [from, to]).map((each) => [each.name, each])).values(),
]

/** Sorts operations by when the features that they read are complete: the stem's first, then by the last layer that adds. */
function executionOrder({ layers }: Supernet) {
  const completedBy = new Map(layers.map(({ to }, position) => [to.name, position]))
  const readyAfter = ({ layer }: GatedOperation) => completedBy.get(layer.from.name) ?? -1
  return (operations: readonly GatedOperation[]): readonly GatedOperation[] =>
    operations.toSorted((a, b) => readyAfter(a) - readyAfter(b))
}

/** Zeros for all accumulators: of features, and of the gradients by them. They share memory. */
function zerosFor(features: readonly Features[], rewrites: Rewrites): Tensors {
  const first = features.flatMap((each) => [each, ...gradientsOf(each, rewrites)])
  const largest = new Float32Array(Math.max(...first.map(({ shape }) => sizeOf(shape))))
  return Object.fromEntries(
    [...first, ...first.map(secondAccumulator)].map(({ name, shape }) => [
      name,
      float32(shape, largest.subarray(0, sizeOf(shape))),
    ]),
  )
}
