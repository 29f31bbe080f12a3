import { TrellisError } from '../errors.ts'
import type { Graph, Parameter } from '../graph/graph.ts'
import { sameShape, showShape, type Tensor, type Tensors } from '../tensor.ts'
import type { LayerNames } from './backbones/backbone.ts'
import { BACKBONES } from './backbones/index.ts'
import { type BackboneName, WITH_WIDTHS } from './backbones/names.ts'
import { forImageNetStatistics } from './image-normalisation.ts'

const NORMALISATION = {
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
} as const

/**
 * The backbone's part of a graph's state, from weights as a library or Trellis names them. Other tensors of the file, such as
 * a classifier's, are ignored.
 * @param where the file, for errors
 * @throws TrellisError `invalid-checkpoint` naming the first tensor that is missing, of another shape, or of numbers that no
 * training gives
 */
export function backboneWeights(
  file: Tensors,
  network: BackboneName,
  { parameters }: Graph,
  where: string,
): Tensors {
  const library = BACKBONES[network].libraries.find(({ layers: [stem] }) => `${stem![1]}.weight` in file)
  const names = library && theirNames(library.layers)
  const weights = Object.fromEntries(
    [...parameters.values()]
      .filter(({ parameter }) => parameter.name.startsWith('backbone/'))
      .map(({ parameter }) => {
        const name = names === undefined ? parameter.name : names.get(parameter.name)!
        return [parameter.name, checked(take(file, name, parameter, network, where), name, parameter, where)]
      }),
  )
  const kernels = Object.entries(weights).filter(([name]) => name.endsWith('/weight'))
  if (kernels.every(([, { data }]) => data.every((value) => value === 0)))
    throw broken(where, 'all weights of its convolutions are 0')
  return library === undefined
    ? weights
    : forImageNetStatistics(weights, `backbone/${library.layers[0]![0]}`, library.images)
}

/** By ours. */
function theirNames(layers: readonly LayerNames[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [layer, convolution, normalisation] of layers) {
    names.set(`backbone/${layer}/weight`, `${convolution}.weight`)
    if (normalisation === null) names.set(`backbone/${layer}/bias`, `${convolution}.bias`)
    else
      for (const [ours, theirs] of Object.entries(NORMALISATION))
        names.set(`backbone/${layer}/${ours}`, `${normalisation}.${theirs}`)
  }
  return names
}

/** A single number that is not finite makes all features so, and so does a negative variance. */
function checked(tensor: Tensor, name: string, parameter: Parameter, where: string): Tensor {
  const wrong = tensor.data.find((value) => !Number.isFinite(value))
  if (wrong !== undefined) throw broken(where, `${name} holds ${wrong}`)
  const isVariance = parameter.name.endsWith('/variance')
  if (isVariance && tensor.data.some((value) => value < 0))
    throw broken(where, `${name} holds a negative variance`)
  return tensor
}

const broken = (where: string, what: string): TrellisError =>
  new TrellisError('invalid-checkpoint', `backbone weights ${where}: ${what}`, {
    fix: 'give the file of a training that has not diverged, or leave backbone.weights out to pretrain the backbone',
  })

function take(
  file: Tensors,
  name: string,
  { shape }: Parameter,
  network: BackboneName,
  where: string,
): Tensor {
  const tensor = file[name]
  if (tensor?.dtype === 'float32' && sameShape(tensor.shape, shape)) return tensor
  const found = tensor === undefined ? 'missing' : `${tensor.dtype} ${showShape(tensor.shape)}`
  const { libraries } = BACKBONES[network]
  const sources = [...libraries.map(({ name }) => name), "Trellis's own"]
  throw new TrellisError(
    'invalid-checkpoint',
    `backbone weights ${where}: ${name} is ${found}, and should be float32 ${showShape(shape)}`,
    {
      fix: `give weights of ${network}${WITH_WIDTHS.includes(network) ? ' of the configured width' : ''}: ${new Intl.ListFormat('en-US', { type: 'disjunction' }).format(sources)}`,
    },
  )
}
