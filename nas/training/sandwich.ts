import pLimit from 'p-limit'
import type { Engine, State } from '../engines/engine.ts'
import type { GraphBuilder } from '../graph/builder.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { softCrossEntropy } from '../graph/ops/soft-cross-entropy.ts'
import { softmax } from '../graph/ops/softmax.ts'
import type { Rewrites } from '../graph/rewrites.ts'
import type { Tensors } from '../tensor.ts'
import { accumulatorsOf, gradientStep, parametersOf, updateStep } from './accumulated-step.ts'
import type { Optimiser } from './optimiser.ts'
import type { Names } from './parts/state.ts'
import type { CompiledStep } from './resumable.ts'
import { isWeight } from './step.ts'

/*
 * The sandwich rule with in-place distillation (BigNAS, arXiv 2003.11142, sections 3.1 and 3.2): in each step the largest network
 * learns the labels; the smallest and some in between learn what the largest predicts, position by position. All add to the same
 * gradients, which are clipped and applied once.
 */

/** Students learn in so many lanes side by side, whatever cores there are: the order in which gradients are summed depends on it. */
const LANES = 2

/** The forward pass of a sub-network, from inputs that it declares to logits [N,C,…]. */
export type Logits = (graph: GraphBuilder) => Value

export interface Sandwich {
  readonly largest: Logits
  readonly smallest: Logits
  /** Any other: which one is told by inputs of its own. */
  readonly sampled: Logits
  /** Of the largest network's logits; declares the labels. */
  readonly loss: (graph: GraphBuilder, logits: Value) => Value
  readonly optimiser: Optimiser
  readonly clip: number
}

/** The programs of a step. */
export interface SandwichGraphs {
  readonly largest: Graph
  readonly smallest: Graph
  readonly sampled: Graph
  readonly update: Graph
  /** Of all programs. */
  readonly parameters: Graph['parameters']
}

/** @param rewrites of the engine that runs the programs */
export function sandwichGraphs(sandwich: Sandwich, rewrites: Rewrites): SandwichGraphs {
  const { optimiser, clip } = sandwich
  const largest = gradientStep(
    (graph) => {
      const logits = sandwich.largest(graph)
      return { loss: sandwich.loss(graph, logits), metrics: { target: softmax(graph, logits, 1) } }
    },
    isWeight,
    rewrites,
  )
  const target = largest.outputs.get('target')!.type
  const student = (logits: Logits) =>
    gradientStep(
      (graph) => ({ loss: softCrossEntropy(graph, logits(graph), graph.input('target', target)) }),
      isWeight,
      rewrites,
    )
  const [smallest, sampled] = [student(sandwich.smallest), student(sandwich.sampled)]
  const update = updateStep(optimiser, parametersOf([largest], isWeight), { clip, lanes: LANES })
  const all = [largest, smallest, sampled, update]
  return {
    ...{ largest, smallest, sampled, update },
    parameters: new Map(all.flatMap(({ parameters }) => [...parameters])),
  }
}

/**
 * Compiles the programs of a step, three of which are the same whatever is sampled. Small operations hardly gain by a second core, so
 * the lanes have one each where the engine shares its cores out.
 * @param samples inputs of the sub-networks between the largest and the smallest, as a pure function of the step
 * @param done steps that are done
 */
export async function sandwichStep(
  engine: Engine,
  state: State,
  { largest, smallest, sampled, update }: SandwichGraphs,
  samples: (step: number) => readonly Tensors[],
  done: number,
): Promise<CompiledStep> {
  // Runs of one program share all of its threads but those that call it.
  const perLane = engine.threads > 1 ? { threads: Math.max(1, engine.threads - LANES + 1) } : {}
  const programs = await Promise.all([
    engine.compile(largest),
    engine.compile(smallest, perLane),
    engine.compile(sampled, perLane),
    engine.compile(update),
  ])
  const [teacher, least, other, apply] = programs
  const trained = parametersOf([largest], isWeight)
  const lanes = Array.from({ length: LANES }, (_, lane) => accumulatorsOf(trained, lane))
  const sideBySide = pLimit(engine.threads > 1 ? LANES : 1)
  let step = done
  return {
    async run({ learningRate, labels, ...inputs }) {
      const { loss, target } = await teacher.run(state, { ...inputs, labels: labels! })
      const distilled = { ...inputs, target: target! }
      const students = [
        ...samples(step).map(
          (masks) => (names: Names) => other.run(state, { ...distilled, ...masks }, names),
        ),
        (names: Names) => least.run(state, distilled, names),
      ]
      const learned = await Promise.allSettled(
        lanes.map((names, lane) =>
          sideBySide(async () => {
            for (let i = lane; i < students.length; i += LANES) await students[i]!(names)
          }),
        ),
      )
      // Not before all have ended: they read the state.
      for (const lane of learned) if (lane.status === 'rejected') throw lane.reason
      await apply.run(state, { learningRate: learningRate! })
      step++
      return { loss: loss! }
    },
    async dispose() {
      for (const program of programs) await program.dispose()
    },
  }
}
