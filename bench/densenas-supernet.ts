import type { Engine } from '../nas/engines/engine.ts'
import { random } from '../nas/random.ts'
import { DENSENAS_SPACES } from '../nas/spaces/densenas/presets.ts'
import { relax } from '../nas/spaces/densenas/relaxation.ts'
import { initialArchitecture } from '../nas/spaces/densenas/search/architecture-step.ts'
import { supernetParameters } from '../nas/spaces/densenas/search/graphs.ts'
import { gated, sampleOperations } from '../nas/spaces/densenas/search/sample.ts'
import type { Phase } from '../nas/spaces/densenas/search/schedule.ts'
import { supernetSteps } from '../nas/spaces/densenas/search/steps.ts'
import { supernet } from '../nas/spaces/densenas/supernet.ts'
import { float32, int32 } from '../nas/tensor.ts'
import { initialise } from '../nas/training/initialise.ts'
import { sgd } from '../nas/training/sgd.ts'

/** Steps of the supernet of densenas-cifar on images of noise, each with another sample of operations. */
export function densenasSupernet(engine: Engine, phase: Phase, batch = 64): (step: number) => Promise<void> {
  const space = DENSENAS_SPACES['densenas-cifar']
  const [image, classes] = [32, 10]
  const net = supernet(space, { batch, image, classes })
  const options = {
    supernet: net,
    optimiser: sgd({ momentum: 0.9, weightDecay: 4e-5 }),
    labelSmoothing: 0,
    rewrites: engine.rewrites,
  }
  const state = engine.state(initialise(supernetParameters(options), 0))
  const trained = supernetSteps(engine, state, options)
  const relaxation = relax(initialArchitecture(space).parameters)
  const rng = random(0, 'bench')
  const inputs = {
    image: float32(
      [batch, 3, image, image],
      Float32Array.from({ length: batch * 3 * image * image }, () => rng.normal()),
    ),
    labels: int32(
      [batch],
      Int32Array.from({ length: batch }, () => rng.integer(classes)),
    ),
    learningRate: float32([], [0.01]),
  }
  return async (step) => {
    const sample = sampleOperations(relaxation, phase === 'weights' ? 1 : 2, random(0, 'operations', step))
    await trained.run(phase, gated(net, relaxation, sample), inputs)
  }
}

/** After so many, hardly an operation has not been sampled, so that hardly one is still to be compiled. */
export const warmUpOf = (phase: Phase): number => (phase === 'weights' ? 25 : 12)
