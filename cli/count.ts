import { existsSync, readFileSync } from 'node:fs'
import { closest } from 'fastest-levenshtein'
import { TrellisError } from '../nas/errors.ts'
import {
  type Counts,
  countNetwork,
  NETWORK_NAMES,
  type NetworkCounts,
  type NetworkName,
} from '../nas/nets/count.ts'
import { fromDeepLab } from '../nas/spaces/dpc/deeplab.ts'
import { type DpcGenotype, parseDpcGenotype } from '../nas/spaces/dpc/genotype.ts'
import { table } from './table.ts'

/** The options of `trellis count`, as typed. */
export interface CountOptions {
  /** CxHxW: an image for a classifier, the backbone's features for a cell. */
  readonly input: string
  readonly json?: boolean
}

/**
 * Parameters and multiply-adds of a network that Trellis knows by name, or of the cell in a genotype file (as Trellis or
 * DeepLab writes it).
 * @returns text to print: a table, or JSON.
 * @throws TrellisError `invalid-config` for a bad input shape, `not-found` for an unknown network, `invalid-genotype`.
 */
export async function count(target: string, { input, json = false }: CountOptions): Promise<string> {
  const counts = countNetwork(resolve(target), parseInput(input))
  return json ? JSON.stringify(counts, null, 2) : show(`${target}, input ${input}`, counts)
}

function parseInput(input: string): [number, number, number] {
  const shape = /^([1-9]\d*)x([1-9]\d*)x([1-9]\d*)$/.exec(input)
  if (shape === null)
    throw new TrellisError('invalid-config', `--input ${input} is not a shape CxHxW`, {
      fix: 'give channels, height and width, e.g. 3x224x224 for an image or 320x65x129 for the features of one',
    })
  return [Number(shape[1]), Number(shape[2]), Number(shape[3])]
}

function resolve(target: string): NetworkName | DpcGenotype {
  const name = NETWORK_NAMES.find((known) => known === target)
  if (name !== undefined) return name
  if (existsSync(target)) return readGenotype(target)
  throw new TrellisError('not-found', `${target} is neither a network that Trellis knows nor a file`, {
    fix: `did you mean ${closest(target, NETWORK_NAMES)}? Known: ${NETWORK_NAMES.join(', ')}`,
  })
}

function readGenotype(path: string): DpcGenotype {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new TrellisError('invalid-genotype', `${path} is not a JSON file`, {
      fix: "give a cell's genotype.json or deeplab.json",
      cause,
    })
  }
  // DeepLab's notation is the bare list of branches.
  return Array.isArray(json) ? fromDeepLab(json) : parseDpcGenotype(json)
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
