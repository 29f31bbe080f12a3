import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../../../nas/engines/engine.ts'
import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../../../nas/engines/tensorflow.ts'
import type { GraphBuilder } from '../../../../../nas/graph/builder.ts'
import type { Value } from '../../../../../nas/graph/graph.ts'
import { add } from '../../../../../nas/graph/ops/add.ts'
import { mul } from '../../../../../nas/graph/ops/mul.ts'
import { softmaxCrossEntropy } from '../../../../../nas/graph/ops/softmax-cross-entropy.ts'
import type { Network } from '../../../../../nas/nets/layers.ts'
import { random } from '../../../../../nas/random.ts'
import { costAndGradient } from '../../../../../nas/spaces/densenas/cost-gradient.ts'
import { multiObjectiveLoss } from '../../../../../nas/spaces/densenas/expected-cost.ts'
import {
  type ArchitectureParameters,
  mapSoftmaxes,
  type PerOperation,
  relax,
} from '../../../../../nas/spaces/densenas/relaxation.ts'
import { supernetParameters } from '../../../../../nas/spaces/densenas/search/graphs.ts'
import {
  architectureGradient,
  type GatedOperation,
  gated,
  sampleOperations,
} from '../../../../../nas/spaces/densenas/search/sample.ts'
import { supernetSteps } from '../../../../../nas/spaces/densenas/search/steps.ts'
import { supernet } from '../../../../../nas/spaces/densenas/supernet.ts'
import { float32 } from '../../../../../nas/tensor.ts'
import { initialise } from '../../../../../nas/training/initialise.ts'
import { sgd } from '../../../../../nas/training/sgd.ts'
import { trainingStep } from '../../../../../nas/training/step.ts'
import { tf } from '../../../engines/tfjs.ts'
import { parametersOf } from '../parameters.ts'
import { TASK, TOY, toyBatch, toyCosts } from './toy-search.ts'

const net = supernet(TOY, TASK)
const optimiser = sgd({ momentum: 0.9, weightDecay: 1e-2 })
const options = { supernet: net, optimiser, labelSmoothing: 0.1 }
const batch = { ...toyBatch('step'), learningRate: float32([], [0.1]) }
const rng = random(7)
const parameters = parametersOf(TOY, rng.normal)

function begin(engine: Engine) {
  const { rewrites } = engine
  const initial = initialise(supernetParameters({ ...options, rewrites }), 5)
  const state = engine.state(initial)
  return { initial, state, steps: supernetSteps(engine, state, { ...options, rewrites }) }
}

/** The supernet as one graph: each feature map the sum over all operations, in the same gates. */
function whole(gates: readonly GatedOperation[]) {
  return trainingStep((graph: GraphBuilder) => {
    const context = { graph, mode: 'search', batchNorm: { decay: 0, epsilon: 1e-3 } } as const
    const within = (scope: string, build: Network, x: Value) => graph.within(scope, () => build(context, x))
    const image = graph.input('image', batch.image!)
    const features = new Map<string, Value>([
      [net.stem.to.name, within(net.stem.scope, net.stem.build, image)],
    ])
    for (const { layer, candidate, gate } of gates) {
      const { scope, build } = layer.candidates[candidate]!
      const y = mul(graph, within(scope, build, features.get(layer.from.name)!), graph.scalar(gate))
      const sum = features.get(layer.to.name)
      features.set(layer.to.name, sum === undefined ? y : add(graph, sum, y))
    }
    const { from, scope, build } = net.classifier
    const logits = within(scope, build, features.get(from.name)!)
    const labels = graph.input('labels', batch.labels!)
    const loss = softmaxCrossEntropy(graph, logits, labels, { ignoreLabel: -1, labelSmoothing: 0.1 })
    return { loss }
  }, optimiser)
}

describe.each([await onnxRuntime({ threads: 1, manyPrograms: true }), await tensorFlow({ tf })])(
  'on $name',
  (engine) => {
    it('a step for the weights does what one graph of the sampled operations does', async () => {
      const relaxation = relax(parameters)
      const gates = gated(net, relaxation, sampleOperations(relaxation, 1, random(1)))
      const { initial, state, steps } = begin(engine)
      const { loss } = await steps.run('weights', gates, batch)
      const after = await state.read()
      await steps.dispose()

      const graph = whole(gates)
      const program = await engine.compile(graph)
      const oracle = engine.state(initial)
      const expected = await program.run(oracle, batch)
      const updated = await oracle.read()
      await program.dispose()
      expect(loss).toBeCloseTo(expected.loss!.data[0]!, 5)
      expect(Object.keys(after).sort()).toEqual(Object.keys(initial).sort())
      for (const name of Object.keys(initial)) {
        const wanted = graph.parameters.has(name) ? updated : initial
        expect(largestDifference(after[name]!.data, wanted[name]!.data), name).toBeLessThan(1e-5)
      }
    })

    it('weights of 0 and 1 among all operations are the sampled path', async () => {
      const relaxation = relax(parameters)
      const sample = sampleOperations(relaxation, 1, random(1))
      const single = gated(net, relaxation, sample)
      const all = net.layers.flatMap((layer) =>
        layer.candidates.map((_, candidate) => ({
          layer,
          candidate,
          gate: single.find((each) => each.layer === layer && each.candidate === candidate)?.gate ?? 0,
        })),
      )
      const { steps } = begin(engine)
      const sampled = await steps.run('architecture', single, batch)
      const relaxed = await steps.run('architecture', all, batch)
      await steps.dispose()
      expect(relaxed.loss).toBeCloseTo(sampled.loss, 5)
    })

    it.each(['summed', 'chained'] as const)(
      'a step for the architecture gives the slopes of Eq. 8, with the %s cost',
      async (estimate) => {
        const weight = { lambda: 0.5, tau: 15 }
        const sample = sampleOperations(relax(parameters), 2, random(2))
        const { state, steps } = begin(engine)
        const before = await state.read()
        const evaluate = async (at: ArchitectureParameters) => {
          const relaxation = relax(at)
          const outputs = await steps.run('architecture', gated(net, relaxation, sample), batch)
          const { cost, gradient } = costAndGradient(TOY, relaxation, toyCosts, estimate)
          return {
            ...outputs,
            relaxation,
            cost,
            gradient,
            loss: multiObjectiveLoss(outputs.loss, cost, weight),
          }
        }
        const { gateGradients, relaxation, cost, gradient } = await evaluate(parameters)
        const scale = weight.lambda / (cost * Math.log(weight.tau))
        const found = architectureGradient(
          net,
          relaxation,
          sample,
          gateGradients,
          mapSoftmaxes(gradient, (slopes) => slopes.map((slope) => scale * slope)),
        )
        const step = 0.02
        for (const seed of [1, 2, 3]) {
          const rng = random(seed)
          const direction = parametersOf(TOY, rng.normal)
          const at = (by: number) => evaluate(moved(parameters, direction, sample, by))
          const slope = ((await at(step)).loss - (await at(-step)).loss) / (2 * step)
          expect(along(found, direction)).toBeCloseTo(slope, 2.5)
        }
        expect(await state.read()).toEqual(before)
        await steps.dispose()
      },
    )
  },
)

/** The parameters at some way along a direction: all beta, and alpha of the sampled operations. */
const moved = (
  { beta, head, stack }: ArchitectureParameters,
  direction: ArchitectureParameters,
  sample: PerOperation,
  by: number,
): ArchitectureParameters => {
  const layers = (kind: 'head' | 'stack', alphas: PerOperation['head']) =>
    alphas.map((layers, block) =>
      layers.map((alpha, index) =>
        alpha.map((value, o) =>
          sample[kind][block]![index]!.includes(o) ? value + by * direction[kind][block]![index]![o]! : value,
        ),
      ),
    )
  return {
    beta: beta.map((path, i) => path.map((value, k) => value + by * direction.beta[i]![k]!)),
    head: layers('head', head),
    stack: layers('stack', stack),
  }
}

/** The slope in a direction, from those by every parameter: gradients by what was not sampled are 0. */
function along(gradient: ArchitectureParameters, direction: ArchitectureParameters): number {
  const numbers = ({ beta, head, stack }: ArchitectureParameters) => [beta, head, stack].flat(3)
  const way = numbers(direction)
  return numbers(gradient).reduce((sum, slope, i) => sum + slope * way[i]!, 0)
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)))
