import type { Engine, State } from '../../engines/engine.ts'
import { ancestorsOf, cut } from '../../graph/cut.ts'
import type { Graph } from '../../graph/graph.ts'
import type { Tensor, Tensors } from '../../tensor.ts'
import type { Step } from '../loop.ts'
import type { TrainableDetector } from './detector.ts'
import type { Geometry } from './geometry.ts'
import { targetsOf } from './targets.ts'
import { unpackTruths } from './truth.ts'

/** Inputs of a step that no program reads. */
export interface HostInputs {
  /** [T,6], of `packTruths`. */
  readonly truths: Tensor
  /** int32 [1]: by which anchors and regions are sampled, another for every step. */
  readonly draw: Tensor
}

/** A step in two halves, between which the host says what is to be learnt of what the first predicts. */
export interface DetectorStep extends Step {
  dispose(): Promise<void>
}

/**
 * Compiles a training step of {@link lossOf}. What it computes is a function of the state and its inputs alone: `truths`
 * and `draw`, those of the features and `learningRate`.
 * @param batch number of images
 */
export async function detectorStep(
  engine: Engine,
  state: State,
  graph: Graph,
  setting: {
    readonly geometry: Geometry
    readonly detector: TrainableDetector
    readonly batch: number
    readonly seed: number
  },
): Promise<DetectorStep> {
  const { geometry, detector, batch, seed } = setting
  const targets = targetsOf(detector, geometry, seed)
  const { first, second, savedActivations } = cut(graph, 'detector', ancestorsOf(graph, targets.read))
  const programs = [await engine.compile(first), await engine.compile(second)] as const
  const own = (half: Graph, inputs: Tensors): Tensors =>
    Object.fromEntries(
      [...half.inputs.keys()].flatMap((name) => (name in inputs ? [[name, inputs[name]!]] : [])),
    )
  return {
    async run(inputs) {
      const truths = unpackTruths(inputs.truths!, batch)
      const [draw] = inputs.draw!.data
      const predicting = programs[0].run(state, own(first, inputs))
      // What does not depend on predictions is found meanwhile.
      const targetsFor = targets.of(truths, draw!)
      const learnt = targetsFor(await predicting)
      const outputs = await programs[1].run(state, own(second, { ...inputs, ...learnt }))
      state.drop(savedActivations)
      return outputs
    },
    async dispose() {
      for (const program of programs) await program.dispose()
    },
  }
}
