import type { Engine, Program, State } from '../../../engines/engine.ts'
import type { Halves } from '../../../graph/cut.ts'
import type { Graph } from '../../../graph/graph.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../tensor.ts'
import {
  accessOf,
  adding,
  aside,
  asideNames,
  gradientsOf,
  type Names,
  namesFor,
  sumUp,
  sumUpGradients,
} from '../../../training/parts/accumulators.ts'
import { dataflow } from '../../../training/parts/dataflow.ts'
import type { Features } from '../../../training/parts/part.ts'
import type { GatedOperation } from '../sample.ts'
import { type SupernetOptions, supernetGraphs } from './graphs.ts'
import { readOf } from './part-steps.ts'
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

/** How a program runs. */
interface Way {
  /** All by default. */
  readonly threads?: number
  readonly names?: Names
}

/** Programs are compiled when they are first sampled. @param state has {@link supernetParameters} */
export function supernetSteps(engine: Engine, state: State, options: SupernetOptions): SupernetSteps {
  const { supernet } = options
  const { layers } = supernet
  const compiled = new Map<Graph, Promise<Program>>()
  const compile = (graph: Graph, threads: number) => {
    const known = compiled.get(graph) ?? engine.compile(graph, threads)
    compiled.set(graph, known)
    return known
  }
  const run = async (graph: Graph, threads: number, inputs: Tensors, names: Names) => {
    const wanted = [...graph.inputs.keys()].map((name) => [name, inputs[name]!])
    return (await compile(graph, threads)).run(state, Object.fromEntries(wanted), names)
  }
  const graphsFor = {
    weights: supernetGraphs(options, 'weights'),
    architecture: supernetGraphs(options, 'architecture'),
  }

  const features = [...new Map(layers.flatMap(({ from, to }) => [from, to]).map((f) => [f.name, f])).values()]
  const zeros = zerosFor(features)
  const known = new Map<string, Graph>()
  const forShape = (make: typeof sumUp, ...[shape, ...options]: Parameters<typeof sumUp>): Graph => {
    const key = [make.name, shape, options].join()
    const graph = known.get(key) ?? make(shape, ...options)
    known.set(key, graph)
    return graph
  }
  // The last that adds to features, before anything reads them.
  const filled = new Map(layers.map(({ to }, position) => [to.name, position]))
  const isFilled = ({ layer }: GatedOperation) => filled.get(layer.from.name) ?? -1

  async function step(phase: Phase, operations: readonly GatedOperation[], inputs: Tensors) {
    const { stem, operations: of, classifier } = graphsFor[phase]
    const halvesOf = ({ layer, candidate }: GatedOperation): Halves => of.get(layer)![candidate]!()
    state.put(zeros)
    const threads = threadsOf(phase, engine.threads)
    // One more than can run takes over while results are handed on.
    const flow = dataflow(engine.threads + 1)
    const runs: Promise<unknown>[] = []
    const start = (
      graph: Graph,
      inputs: Tensors,
      { names = new Map(), threads = engine.threads }: Way = {},
    ) => {
      const done = flow(accessOf(graph, names), () => run(graph, threads, inputs, names))
      runs.push(done)
      return done
    }
    // All readers wait for it, so that it has all threads.
    const complete = (features: Features, graph: Graph) =>
      start(graph, {}, { names: namesFor(features, graph) })

    const { from: last } = supernet.classifier
    const forth = adding((features, hasAside) => {
      const isLast = features.name === last.name
      if (hasAside || !isLast) complete(features, forShape(sumUp, features.shape, hasAside, !isLast))
    })
    const inTurn = operations.toSorted((a, b) => isFilled(a) - isFilled(b))
    start(stem().first, inputs)
    forth.add(supernet.stem.to)
    for (const operation of inTurn) {
      const { from, to } = operation.layer
      forth.read(from)
      const names = asideNames(forth.add(to) ? [to] : [])
      start(halvesOf(operation).first, gateOf(operation), { names, threads })
    }
    forth.read(last)
    const result = start(classifier(), inputs)

    const back = adding((features, hasAside) =>
      complete(features, forShape(sumUpGradients, features.shape, hasAside, true)),
    )
    const gradients = new Map<GatedOperation, Promise<Tensors>>()
    for (const operation of inTurn.toReversed()) {
      const { from, to } = operation.layer
      const { second, kept } = halvesOf(operation)
      back.read(to)
      const names = asideNames(back.add(from) ? gradientsOf(from) : [])
      const done = start(second, { ...inputs, ...gateOf(operation) }, { names, threads })
      gradients.set(operation, done)
      runs.push(done.then(() => state.drop(kept)))
    }
    if (phase === 'weights') {
      back.read(supernet.stem.to)
      start(stem().second, inputs)
    }

    await Promise.all(runs)
    const moments = features.flatMap((each) => readOf(each).slice(1))
    state.drop([...Object.keys(zeros), ...moments.map(({ name }) => name), ...stem().kept])
    const { loss, logits } = await result
    const ofGates = await Promise.all(operations.map((operation) => gradients.get(operation)!))
    return {
      loss: loss!.data[0]!,
      logits: logits!,
      gateGradients: ofGates.flatMap(({ gateGradient }) => (gateGradient ? [gateGradient.data[0]!] : [])),
    }
  }

  return {
    run: step,
    async dispose() {
      for (const program of compiled.values()) await (await program).dispose()
    },
  }
}

/**
 * Threads of an operation. With one operation a layer, most programs wait for each other: each has all threads. With two, as
 * many can run as there are threads.
 */
const threadsOf = (phase: Phase, all: number): number => (phase === 'weights' ? all : 1)

const gateOf = ({ gate }: GatedOperation): Tensors => ({ gate: float32([], [gate]) })

/** Zeros for features and for the gradients by them, and for sums aside, in memory that all share. */
function zerosFor(features: readonly Features[]): Tensors {
  const all = features.flatMap((each) => [each, ...gradientsOf(each)])
  const largest = new Float32Array(Math.max(...all.map(({ shape }) => sizeOf(shape))))
  return Object.fromEntries(
    [...all, ...all.map(aside)].map(({ name, shape }) => [
      name,
      float32(shape, largest.subarray(0, sizeOf(shape))),
    ]),
  )
}
