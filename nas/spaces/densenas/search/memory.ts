import { z } from 'zod'
import type { DenseNasSpace } from '../space.ts'
import { type ArchitectureState, architectureStateSchema, initialArchitecture } from './architecture-step.ts'
import { supernetHistorySchema } from './history.ts'

/** The state of a search beside its weights: the notes of its checkpoints. */
export const memorySchema = z.object({
  architecture: architectureStateSchema,
  epochs: supernetHistorySchema.unwrap().shape.epochs,
  /** Sums over the steps of this epoch: cross entropies, images, images that were classified rightly. */
  epoch: z.object({ loss: z.number(), steps: z.int(), images: z.int(), top1: z.int() }),
})
export type Memory = z.infer<typeof memorySchema>
export type EpochEntry = Memory['epochs'][number]

const NEW_EPOCH: Memory['epoch'] = { loss: 0, steps: 0, images: 0, top1: 0 }

export const initialMemory = (space: DenseNasSpace): Memory => ({
  architecture: initialArchitecture(space),
  epochs: [],
  epoch: NEW_EPOCH,
})

export const afterStep = (
  { epochs, epoch }: Memory,
  architecture: ArchitectureState,
  step: { readonly loss: number; readonly images: number; readonly top1: number },
): Memory => ({
  architecture,
  epochs,
  epoch: {
    loss: epoch.loss + step.loss,
    steps: epoch.steps + 1,
    images: epoch.images + step.images,
    top1: epoch.top1 + step.top1,
  },
})

export const afterEpoch = ({ architecture, epochs }: Memory, entry: EpochEntry): Memory => ({
  architecture,
  epochs: [...epochs, entry],
  epoch: NEW_EPOCH,
})
