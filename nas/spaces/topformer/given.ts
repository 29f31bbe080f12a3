import { TrellisError } from '../../errors.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import { sameShape, showShape, type Tensor, type Tensors } from '../../tensor.ts'
import { type SupernetOptions, supernetContext, topformerSupernet } from './supernet.ts'

/**
 * The weights of a supernet among those of a file; what else the file holds is left out.
 * @param wanted which parameters, by name. @param where the file and what names it, for errors
 * @throws TrellisError `invalid-checkpoint` naming the first tensor that is missing, of another shape, or not finite
 */
export function givenSupernet(
  file: Tensors,
  options: SupernetOptions,
  wanted: (name: string) => boolean,
  where: string,
): Tensors {
  const { network } = topformerSupernet(options)
  const graph = new GraphBuilder()
  const logits = network(
    supernetContext(graph),
    graph.input('image', { dtype: 'float32', shape: [1, 3, 129, 129] }),
  )
  const parameters = [...graph.build({ logits }).parameters.values()].map(({ parameter }) => parameter)
  return Object.fromEntries(
    parameters
      .filter(({ name }) => wanted(name))
      .map(({ name, shape }) => [name, taken(file[name], name, shape, where)]),
  )
}

function taken(tensor: Tensor | undefined, name: string, shape: readonly number[], where: string): Tensor {
  const wrong = (what: string) =>
    new TrellisError('invalid-checkpoint', `${where}: ${name} ${what}`, {
      fix: 'give weights that a supernet of the same space and attentionScale has left: trials/<trial>/weights.safetensors of its store',
    })
  if (tensor?.dtype !== 'float32' || !sameShape(tensor.shape, shape)) {
    const found = tensor === undefined ? 'missing' : `${tensor.dtype} ${showShape(tensor.shape)}`
    throw wrong(`is ${found}, and should be float32 ${showShape(shape)}`)
  }
  const odd = tensor.data.find((value) => !Number.isFinite(value))
  if (odd !== undefined) throw wrong(`holds ${odd}`)
  return tensor
}

/** How many classes the supernet of a file tells apart; undefined for one without a head. */
export const classesOf = (file: Tensors): number | undefined => file['head/logits/weight']?.shape[0]
