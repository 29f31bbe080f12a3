import { existsSync } from 'node:fs'
import { TrellisError } from '../nas/errors.ts'
import { nearest } from '../nas/nearest.ts'
import { CLASSIFIERS, type Counts, countClassifier, type NetworkCounts } from '../nas/nets/count.ts'
import { countDetector, DETECTORS } from '../nas/nets/detection/count.ts'
import { readNetworkFile } from './network-file.ts'
import { pipelines } from './pipelines/index.ts'
import type { Countable, Counter } from './pipelines/pipeline.ts'
import { table } from './table.ts'

/** The options of `trellis count`, as typed. */
export interface CountOptions {
  /** CxHxW: an image for a classifier or a detector, the backbone's features for a cell. A search space needs none. */
  readonly input?: string
  /** Of a network whose classes can be chosen: a detector, without background. */
  readonly classes?: string
  readonly json?: boolean
}

/**
 * Parameters and multiply-adds of a network that Trellis knows by name, or of the one in a file, in any notation that a
 * pipeline reads. For a search space by name: how many architectures it holds.
 * @returns text to print: a table, or JSON.
 * @throws TrellisError `invalid-config` for a bad input shape or number of classes, `not-found` for an unknown network, `invalid-genotype`.
 */
export async function count(
  target: string,
  { input = '', classes, json = false }: CountOptions,
): Promise<string> {
  const size = spacesByName().get(target)
  if (size !== undefined) return countSpace(target, size(), json)
  const counter = counterOf(target)
  const counts = counter(parseInput(input), { classes: parseClasses(classes) })
  if (classes !== undefined && counts.classes === undefined)
    throw new TrellisError('invalid-config', `--classes ${classes} changes nothing in ${target}`, {
      fix: 'leave it out: it has the classes of its paper, or none',
    })
  return json ? JSON.stringify(counts, null, 2) : show(`${target}, input ${input}`, counts)
}

function networksByName(): ReadonlyMap<string, Counter> {
  const classifiers = [...CLASSIFIERS].map(([name, network]): [string, Counter] => [
    name,
    (input) => countClassifier(network, input),
  ])
  const detectors = [...DETECTORS].map(([name, detector]): [string, Counter] => [
    name,
    (input, { classes }) => ({ ...countDetector(detector(classes), input), classes }),
  ])
  return new Map([...classifiers, ...detectors, ...ofAll(({ networks }) => networks)])
}

const spacesByName = () => new Map(ofAll(({ spaces }) => spaces))

const ofAll = <T>(named: (count: Countable) => Readonly<Record<string, T>>): [string, T][] =>
  pipelines.all().flatMap(([, { count }]) => Object.entries(named(count)))

/** In JSON, numbers are strings: most readers would round them. */
function countSpace(name: string, size: Readonly<Record<string, bigint>>, json: boolean): string {
  const counts = Object.entries(size)
  return json
    ? JSON.stringify(Object.fromEntries(counts.map(([what, number]) => [what, String(number)])), null, 2)
    : [name, '', table(counts.map(([what, number]) => [what, number.toLocaleString('en-US')]))].join('\n')
}

const LARGEST = 16_384
const SHAPES = 'CxHxW, e.g. 3x224x224 for an image or 320x65x129 for the features of one'

function parseInput(input: string): [number, number, number] {
  if (input === '')
    throw new TrellisError('invalid-config', 'the shape of the input is not given', {
      fix: `give --input ${SHAPES}`,
    })
  const shape = /^([1-9]\d*)x([1-9]\d*)x([1-9]\d*)$/.exec(input)
  if (shape === null)
    throw new TrellisError('invalid-config', `--input ${JSON.stringify(input)} is not a shape CxHxW`, {
      fix: `give channels, height and width, ${SHAPES}`,
    })
  const [channels, height, width] = shape.slice(1).map(Number) as [number, number, number]
  if (Math.max(channels, height, width) > LARGEST)
    throw new TrellisError('invalid-config', `--input ${input} is larger than ${LARGEST} along a side`, {
      fix: 'give a smaller shape: the multiply-adds of this one are more than can be counted exactly',
    })
  return [channels, height, width]
}

/** Of COCO. */
const CLASSES = 80
const MOST_CLASSES = 10_000

function parseClasses(classes = String(CLASSES)): number {
  if (/^[1-9]\d*$/.test(classes) && Number(classes) <= MOST_CLASSES) return Number(classes)
  throw new TrellisError('invalid-config', `--classes ${JSON.stringify(classes)} is no number of classes`, {
    fix: `give a whole number from 1 to ${MOST_CLASSES}, without background: ${CLASSES} for COCO, 20 for Pascal VOC`,
  })
}

function counterOf(target: string): Counter {
  const networks = networksByName()
  const counter = networks.get(target)
  if (counter !== undefined) return counter
  if (existsSync(target)) return readNetworkFile(target)
  const known = [...networks.keys(), ...spacesByName().keys()]
  const meant = nearest(target, known)
  throw new TrellisError('not-found', `${target} is neither a network that Trellis knows nor a file`, {
    fix: `${meant === undefined ? '' : `did you mean ${meant}? `}Known: ${known.join(', ')}`,
  })
}

function show(title: string, { scopes, regions, ...total }: NetworkCounts): string {
  const rows = [...Object.entries(scopes), ['total', total] as const].map(([part, counts]) => [
    part,
    ...cells(counts),
  ])
  const of = regions === undefined ? '' : `, ${thousands(regions)} regions`
  return [
    `${title}${of}`,
    '',
    table([['', 'parameters', 'convolution weights', 'multiply-adds'], ...rows]),
  ].join('\n')
}

const cells = ({ parameters, convolutionWeights, multiplyAdds }: Counts): string[] => [
  thousands(parameters),
  thousands(convolutionWeights),
  `${thousands(multiplyAdds)} (${(multiplyAdds / 1e9).toFixed(2)}B)`,
]

const thousands = (number: number): string => number.toLocaleString('en-US')
