import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { decodeSafetensors, encodeSafetensors } from '../store/safetensors.ts'
import type { ObjectStore } from '../store/store.ts'
import { float32, showShape, type Tensors, type TensorType } from '../tensor.ts'

/** The complete state of a training, from which it resumes bit for bit. */
export interface Checkpoint {
  /** Parameters, running statistics and optimiser slots. */
  readonly state: Tensors
  /** The loss of each step done: as many as there were steps. */
  readonly losses: readonly number[]
  /** State beside tensors, in a format of the training. */
  readonly notes?: string
}

/** The key of a checkpoint, and that of the trial or backbone that is trained. */
export interface CheckpointAddress {
  readonly store: ObjectStore
  readonly key: string
  readonly training: string
  /** Told of a damaged checkpoint that was deleted, in a line. */
  readonly note?: (line: string) => void
}

const lossesName = 'training:losses'

const metadataSchema = z.object({
  training: z.string(),
  step: z.string().regex(/^\d+$/).transform(Number),
  notes: z.string().optional(),
})

/** Writes a checkpoint in place of the one before. */
export async function saveCheckpoint(
  { store, key, training }: CheckpointAddress,
  { state, losses, notes }: Checkpoint,
): Promise<void> {
  const tensors = { ...state, [lossesName]: float32([losses.length], losses) }
  await store.put(
    key,
    encodeSafetensors(tensors, { training, step: String(losses.length), ...(notes && { notes }) }),
  )
}

/**
 * Reads the checkpoint of a training with these parameters; undefined where there is none.
 * @throws `invalid-checkpoint` for one that is damaged, of another training, or does not fit the parameters.
 */
export async function loadCheckpoint(
  { store, key, training }: CheckpointAddress,
  parameters: Graph['parameters'],
): Promise<Checkpoint | undefined> {
  const bytes = await store.get(key)
  if (bytes === undefined) return undefined
  const name = `${store.location}/${key}`
  const { tensors, metadata } = decodeSafetensors(bytes, name)

  const { data: written } = metadataSchema.safeParse(metadata)
  if (written === undefined)
    throw invalid(`${name} is not a checkpoint: it does not say of which training and step`)
  if (written.training !== training)
    throw invalid(`${name} is a checkpoint of training ${written.training}, expected ${training}`)

  const expected = new Map<string, TensorType>([...parameters].map(([key, { value }]) => [key, value.type]))
  expected.set(lossesName, { dtype: 'float32', shape: [written.step] })
  for (const tensor of new Set([...expected.keys(), ...Object.keys(tensors)])) {
    const [wanted, found] = [show(expected.get(tensor)), show(tensors[tensor])]
    if (wanted !== found) throw invalid(`${name}: tensor ${tensor}: expected ${wanted}, found ${found}`)
  }

  const { [lossesName]: losses, ...state } = tensors
  return { state, losses: [...losses!.data], ...(written.notes && { notes: written.notes }) }
}

/**
 * The checkpoint from which a training goes on; undefined where it begins. One that is damaged is deleted: it holds no more than
 * time, and the training ends as it would have.
 */
export async function takeCheckpoint(
  address: CheckpointAddress,
  parameters: Graph['parameters'],
): Promise<Checkpoint | undefined> {
  try {
    return await loadCheckpoint(address, parameters)
  } catch (error) {
    if (!(error instanceof TrellisError && error.code === 'invalid-checkpoint')) throw error
    address.note?.(`${error.message}; it is deleted, and its training begins anew`)
    await address.store.delete(address.key)
    return undefined
  }
}

/** Steps that the checkpoint of a training holds; 0 where there is none that can be read: `loadCheckpoint` says why. */
export async function stepOf({ store, key }: CheckpointAddress): Promise<number> {
  const bytes = await store.get(key)
  if (bytes === undefined) return 0
  try {
    return metadataSchema.parse(decodeSafetensors(bytes, key).metadata).step
  } catch {
    return 0
  }
}

const show = (type: TensorType | undefined): string =>
  type === undefined ? 'none' : `${type.dtype} ${showShape(type.shape)}`

const invalid = (message: string): TrellisError =>
  new TrellisError('invalid-checkpoint', message, { fix: 'delete that object to train from the start' })
