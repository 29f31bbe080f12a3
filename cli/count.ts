import { existsSync } from 'node:fs'
import { closest } from 'fastest-levenshtein'
import { TrellisError } from '../nas/errors.ts'
import {
  type Counts,
  countNetwork,
  NETWORK_NAMES,
  type NetworkCounts,
  type NetworkName,
} from '../nas/nets/count.ts'
import type { DenseNasGenotype } from '../nas/spaces/densenas/genotype.ts'
import { DENSENAS_SPACES } from '../nas/spaces/densenas/presets.ts'
import { type DenseNasSpace, spaceSize } from '../nas/spaces/densenas/space.ts'
import type { DpcGenotype } from '../nas/spaces/dpc/genotype.ts'
import { readNetworkFile } from './network-file.ts'
import { table } from './table.ts'

/** The options of `trellis count`, as typed. */
export interface CountOptions {
  /** CxHxW: an image for a classifier, the backbone's features for a cell. A search space needs none. */
  readonly input?: string
  readonly json?: boolean
}

const KNOWN = [...NETWORK_NAMES, ...Object.keys(DENSENAS_SPACES)]

/**
 * Parameters and multiply-adds of a network that Trellis knows by name, or of the one in a file: a cell (as Trellis or
 * DeepLab writes it) or a DenseNAS network (as Trellis writes it, or a `net_config`). For a search space by name: how
 * many architectures it holds.
 * @returns text to print: a table, or JSON.
 * @throws TrellisError `invalid-config` for a bad input shape, `not-found` for an unknown network, `invalid-genotype`.
 */
export async function count(target: string, { input = '', json = false }: CountOptions): Promise<string> {
  const space = new Map<string, DenseNasSpace>(Object.entries(DENSENAS_SPACES)).get(target)
  if (space !== undefined) return countSpace(target, space, json)
  const counts = countNetwork(resolve(target), parseInput(input))
  return json ? JSON.stringify(counts, null, 2) : show(`${target}, input ${input}`, counts)
}

/** In JSON, numbers are strings: most readers would round them. */
function countSpace(name: string, space: DenseNasSpace, json: boolean): string {
  const counts = Object.entries(spaceSize(space)) as [string, bigint][]
  return json
    ? JSON.stringify(Object.fromEntries(counts.map(([what, number]) => [what, String(number)])), null, 2)
    : [name, '', table(counts.map(([what, number]) => [what, number.toLocaleString('en-US')]))].join('\n')
}

function parseInput(input: string): [number, number, number] {
  const shape = /^([1-9]\d*)x([1-9]\d*)x([1-9]\d*)$/.exec(input)
  if (shape === null)
    throw new TrellisError('invalid-config', `--input ${JSON.stringify(input)} is not a shape CxHxW`, {
      fix: 'give channels, height and width, e.g. 3x224x224 for an image or 320x65x129 for the features of one',
    })
  return [Number(shape[1]), Number(shape[2]), Number(shape[3])]
}

function resolve(target: string): NetworkName | DpcGenotype | DenseNasGenotype {
  const name = NETWORK_NAMES.find((known) => known === target)
  if (name !== undefined) return name
  if (existsSync(target)) return readNetworkFile(target)
  throw new TrellisError('not-found', `${target} is neither a network that Trellis knows nor a file`, {
    fix: `did you mean ${closest(target, KNOWN)}? Known: ${KNOWN.join(', ')}`,
  })
}

function show(title: string, { scopes, ...total }: NetworkCounts): string {
  const rows = [...Object.entries(scopes), ['total', total] as const].map(([part, counts]) => [
    part,
    ...cells(counts),
  ])
  return [title, '', table([['', 'parameters', 'convolution weights', 'multiply-adds'], ...rows])].join('\n')
}

const cells = ({ parameters, convolutionWeights, multiplyAdds }: Counts): string[] => [
  thousands(parameters),
  thousands(convolutionWeights),
  `${thousands(multiplyAdds)} (${(multiplyAdds / 1e9).toFixed(2)}B)`,
]

const thousands = (number: number): string => number.toLocaleString('en-US')
