import type { Engine, Program, State } from '../engines/engine.ts'
import type { Halves } from '../graph/cut.ts'
import type { Graph } from '../graph/graph.ts'
import type { Features } from '../nets/part.ts'
import type { Layer, Supernet } from '../spaces/densenas/supernet.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../tensor.ts'
import type { Optimiser } from './optimiser.ts'
import { classifierStep, gradientBy, type Learning, operationStep, stemStep } from './part.ts'

/** A sampled operation, and what its output is multiplied by. */
export interface GatedOperation {
  readonly layer: Layer
  /** Index into the layer's candidates. */
  readonly candidate: number
  readonly gate: number
}

export interface StepOutputs {
  readonly loss: number
  /** [N,classes] */
  readonly logits: Tensor
}

/** What trains a supernet: each method is one step on the operations that were sampled, in the order of their layers. */
export interface SupernetSteps {
  /** @param batch `image` [N,3,H,W] and int32 `labels` [N] */
  weights(operations: readonly GatedOperation[], batch: Tensors, learningRate: number): Promise<StepOutputs>
  /** Changes nothing. Gives d loss / d gate for each of the operations. */
  architecture(
    operations: readonly GatedOperation[],
    batch: Tensors,
  ): Promise<StepOutputs & { readonly gateGradients: readonly number[] }>
  dispose(): Promise<void>
}

interface Options {
  readonly supernet: Supernet
  readonly optimiser: Optimiser
  readonly labelSmoothing: number
}

/** Programs are compiled when they are first sampled. @param state has {@link supernetParameters} */
export function supernetSteps(engine: Engine, state: State, options: Options): SupernetSteps {
  const { supernet, optimiser, labelSmoothing } = options
  const { stem, layers, classifier, task } = supernet
  const compiled = new Map<Graph, Promise<Program>>()
  const compile = (graph: Graph) => {
    const known = compiled.get(graph) ?? engine.compile(graph)
    compiled.set(graph, known)
    return known
  }
  const run = async (graph: Graph, inputs: Tensors) => {
    const wanted = [...graph.inputs.keys()].map((name) => [name, inputs[name]!])
    return (await compile(graph)).run(state, Object.fromEntries(wanted))
  }
  const graphs = (learning: Learning) => ({
    stem: once(() => stemStep(stem, [task.batch, 3, task.image, task.image], learning)),
    operations: new Map(
      layers.map((layer) => [
        layer,
        layer.candidates.map((part) => once(() => operationStep({ ...layer, ...part }, learning))),
      ]),
    ),
    classifier: once(() => classifierStep(classifier, learning, { labelSmoothing })),
  })
  const graphsFor = {
    weights: graphs({ kind: 'weights', optimiser }),
    architecture: graphs({ kind: 'architecture' }),
  }

  const zeros = zerosFor([
    ...new Map(layers.flatMap(({ from, to }) => [from, to]).map((f) => [f.name, f])).values(),
  ])

  async function step(
    kind: Learning['kind'],
    operations: readonly GatedOperation[],
    batch: Tensors,
    learningRate: Tensors,
  ) {
    const { stem, operations: of, classifier } = graphsFor[kind]
    const halvesOf = ({ layer, candidate }: GatedOperation): Halves => of.get(layer)![candidate]!()
    state.put(zeros)
    await run(stem().first, batch)
    for (const operation of operations) await run(halvesOf(operation).first, gateOf(operation))
    const { loss, logits } = await run(classifier(), { ...batch, ...learningRate })
    const gateGradients: number[] = []
    for (const operation of operations.toReversed()) {
      const { second, kept } = halvesOf(operation)
      const { gateGradient } = await run(second, { ...gateOf(operation), ...learningRate })
      state.drop(kept)
      if (gateGradient !== undefined) gateGradients.unshift(gateGradient.data[0]!)
    }
    if (kind === 'weights') await run(stem().second, { ...batch, ...learningRate })
    state.drop([...Object.keys(zeros), ...stem().kept])
    return { loss: loss!.data[0]!, logits: logits!, gateGradients }
  }

  return {
    weights: (operations, batch, learningRate) =>
      step('weights', operations, batch, { learningRate: float32([], [learningRate]) }),
    architecture: (operations, batch) => step('architecture', operations, batch, {}),
    async dispose() {
      for (const program of compiled.values()) await (await program).dispose()
    },
  }
}

const gateOf = ({ gate }: GatedOperation): Tensors => ({ gate: float32([], [gate]) })

/** Zeros for features and for the gradients by them, in memory that all share. */
function zerosFor(features: readonly Features[]): Tensors {
  const all = features.flatMap((each) => [each, gradientBy(each)])
  const largest = new Float32Array(Math.max(...all.map(({ shape }) => sizeOf(shape))))
  return Object.fromEntries(
    all.map(({ name, shape }) => [name, float32(shape, largest.subarray(0, sizeOf(shape)))]),
  )
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** All that a supernet learns, and what its optimiser remembers. */
export function supernetParameters({ supernet, optimiser, labelSmoothing }: Options): Graph['parameters'] {
  const { stem, layers, classifier, task } = supernet
  const learning: Learning = { kind: 'weights', optimiser }
  const halves = [
    stemStep(stem, [task.batch, 3, task.image, task.image], learning),
    ...layers.flatMap((layer) =>
      layer.candidates.map((part) => operationStep({ ...layer, ...part }, learning)),
    ),
  ]
  const all = [
    classifierStep(classifier, learning, { labelSmoothing }),
    ...halves.flatMap(({ first, second }) => [first, second]),
  ]
  return new Map(
    all
      .flatMap(({ parameters }) => [...parameters])
      .filter(([, { parameter }]) => parameter.role !== 'feature'),
  )
}
