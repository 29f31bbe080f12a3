import type { Engine, State } from '../../engines/engine.ts'
import { ancestorsOf, cut } from '../../graph/cut.ts'
import type { Graph } from '../../graph/graph.ts'
import { random } from '../../random.ts'
import type { Tensor, Tensors } from '../../tensor.ts'
import type { Step } from '../loop.ts'
import { anchorTargets } from './anchor-targets.ts'
import type { DetectorOptions } from './detector.ts'
import { PROPOSED } from './forward.ts'
import type { Geometry } from './geometry.ts'
import { propose } from './propose.ts'
import { regionTargets } from './region-targets.ts'
import { unpackTruths } from './truth.ts'

/** Inputs of a step that no program reads. */
export interface HostInputs {
  /** [T,6], of `packTruths`. */
  readonly truths: Tensor
  /** int32 [1]: by which anchors and regions are sampled, another for every step. */
  readonly draw: Tensor
}

/** A step in two halves, between which the host proposes regions and says what they are. */
export interface DetectorStep extends Step {
  dispose(): Promise<void>
}

/**
 * Compiles a training step of {@link detectorLoss}. What it computes is a function of the state and its inputs alone: `truths`
 * and `draw`, those of the features and `learningRate`.
 * @param batch number of images
 */
export async function detectorStep(
  engine: Engine,
  state: State,
  graph: Graph,
  setting: {
    readonly geometry: Geometry
    readonly options: DetectorOptions
    readonly batch: number
    readonly seed: number
  },
): Promise<DetectorStep> {
  const { geometry, options, batch, seed } = setting
  const { first, second, savedActivations } = cut(graph, 'detector', ancestorsOf(graph, PROPOSED))
  const programs = [await engine.compile(first), await engine.compile(second)] as const
  const own = (half: Graph, inputs: Tensors): Tensors =>
    Object.fromEntries(
      [...half.inputs.keys()].flatMap((name) => (name in inputs ? [[name, inputs[name]!]] : [])),
    )
  return {
    async run(inputs) {
      const truths = unpackTruths(inputs.truths!, batch)
      const [draw] = inputs.draw!.data
      const stream = (name: string) => (image: number) => random(seed, name, draw!, image)
      const predicting = programs[0].run(state, own(first, inputs))
      // What anchors learn does not depend on predictions, and is found meanwhile.
      const ofAnchors = anchorTargets(geometry, truths, options, stream('anchors'))
      const predicted = await predicting
      const proposals = propose(
        geometry,
        predicted.objectness!,
        predicted.deltas!,
        options.proposals.training,
      )
      const targets = {
        ...ofAnchors,
        ...regionTargets(
          proposals.map(({ boxes }) => boxes),
          truths,
          options,
          stream('regions'),
        ),
      }
      const outputs = await programs[1].run(state, own(second, { ...inputs, ...targets }))
      state.drop(savedActivations)
      return outputs
    },
    async dispose() {
      for (const program of programs) await program.dispose()
    },
  }
}
