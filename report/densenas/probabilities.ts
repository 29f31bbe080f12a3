import { spaceOf } from '../../nas/pipelines/densenas/config.ts'
import type { Operation } from '../../nas/spaces/densenas/genotype.ts'
import { mbConvOf, operationLabel } from '../../nas/spaces/densenas/operation-label.ts'
import { type Block, blocksOf } from '../../nas/spaces/densenas/space.ts'
import { type Html, html } from '../html.ts'
import { key } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { type Panel, smallMultiples } from '../small-multiples.ts'
import type { DenseNasReportData, Search } from './data.ts'

/** More than a picture of this size can show. */
const MOST_SNAPSHOTS = 60

interface Snapshot {
  readonly epoch: number
  readonly paths: readonly (readonly number[])[]
  readonly operations: NonNullable<Search['epochs'][number]['operations']>
}

export function probabilitiesSection({ search, record }: DenseNasReportData): Section | undefined {
  if (!search) return undefined
  const snapshots = snapshotsOf(search)
  if (snapshots.length < 2) return undefined
  const space = spaceOf(record.config)
  const blocks = blocksOf(space)
  const { path } = search.derived
  return {
    id: 'probabilities',
    title: 'Probabilities over time',
    body: html`<p>Each picture is a choice, from the first epoch for the architecture to the last; the higher a band, the more probable its candidate.</p>
${pathsOverTime(blocks, path, snapshots)}${operationsOverTime(blocks, path, space.operations, snapshots)}`,
  }
}

function snapshotsOf({ epochs }: Search): readonly Snapshot[] {
  const all = epochs.flatMap(({ epoch, paths, operations }) =>
    paths && operations ? [{ epoch, paths, operations }] : [],
  )
  const every = Math.ceil(all.length / MOST_SNAPSHOTS)
  return all.filter((_, i) => (all.length - 1 - i) % every === 0)
}

const HOPS = ['var(--accent)', 'var(--blue)', 'var(--baseline)', 'var(--dot)']
const hopColour = (hop: number): string => HOPS[Math.min(hop, HOPS.length) - 1]!

function pathsOverTime(
  blocks: readonly Block[],
  path: readonly number[],
  snapshots: readonly Snapshot[],
): Html {
  const choices = blocks.flatMap(({ outputs }, i) => (outputs.length > 1 ? [i] : []))
  const perRow = Math.min(5, choices.length)
  const panels = choices.map((i, n): Panel => {
    const { width, outputs } = blocks[i]!
    const taken = path.includes(i) ? path[path.indexOf(i) + 1] : undefined
    return {
      column: n % perRow,
      row: Math.floor(n / perRow),
      title: taken === undefined ? `${width}` : `${width} → ${blocks[taken]!.width}`,
      emphasis: taken !== undefined,
      bands: outputs.map((j, k) => ({
        name: `${blocks[j]!.width}`,
        colour: hopColour(j - i),
        opacity: 0.85,
        values: snapshots.map(({ paths }) => paths[i]![k]!),
      })),
    }
  })
  const reach = Math.max(...blocks.flatMap(({ outputs }, i) => outputs.map((j) => j - i)))
  const legend = Array.from(
    { length: Math.min(reach, HOPS.length) },
    (_, hop) =>
      [
        hopColour(hop + 1),
        hop === 0
          ? 'the next block'
          : hop === HOPS.length - 1
            ? `${hop + 1} blocks on or further`
            : `${hop + 1} blocks on`,
      ] as const,
  )
  const picture = smallMultiples(
    'Probabilities of the outputs of each block over the epochs',
    { unit: 'epoch', at: snapshots.map(({ epoch }) => epoch) },
    panels,
  )
  return figure(
    html`<h3>Where blocks lead</h3>${key(...legend)}${picture}`,
    html`By block, named by its width; in the bands, the width of the block that it leads to. In bold: blocks on the path, with their successor on it.`,
  )
}

function operationsOverTime(
  blocks: readonly Block[],
  path: readonly number[],
  operations: readonly Operation[],
  snapshots: readonly Snapshot[],
): Html {
  const candidates = [...operations.map(bandOf), { name: 'skip', colour: 'var(--line)', opacity: 1 }]
  const bands = (weightsOf: (snapshot: Snapshot) => readonly number[]): Panel['bands'] =>
    candidates
      .slice(0, weightsOf(snapshots[0]!).length)
      .map((candidate, o) => ({ ...candidate, values: snapshots.map((each) => weightsOf(each)[o]!) }))
  const panels = path.slice(1, -1).flatMap((block, step): Panel[] => {
    const { width, inputs, layers } = blocks[block]!
    const input = inputs.indexOf(path[step]!)
    const at = (column: number, title: string, choice: Panel['bands']): Panel => ({
      ...{ column, row: step, title, emphasis: false, bands: choice },
    })
    return [
      at(
        0,
        `${width}, head`,
        bands((each) => each.operations.head[block]![input]!),
      ),
      ...Array.from({ length: layers }, (_, l) =>
        at(
          1 + l,
          `${width}, layer ${l + 1}`,
          bands((each) => each.operations.stack[block]![l]!),
        ),
      ),
    ]
  })
  const colours = new Map(operations.map((operation) => [kernelColour(operation), kernelName(operation)]))
  const legend = [...colours, ['var(--line)', 'no layer'] as const]
  const picture = smallMultiples(
    'Weights of the candidate operations of each layer on the path over the epochs',
    { unit: 'epoch', at: snapshots.map(({ epoch }) => epoch) },
    panels,
  )
  return figure(
    html`<h3>Operations of the layers on the path</h3>${key(...legend)}${picture}`,
    html`A row is a block on the path: first its head layer, then its stacking layers. Of two bands of a colour the fainter one has the smaller expansion.`,
  )
}

const kernelColour = (operation: Operation): string => `var(--kernel${mbConvOf(operation)?.kernel ?? 3})`

function kernelName(operation: Operation): string {
  const mbConv = mbConvOf(operation)
  return mbConv ? `MBConv ${mbConv.kernel}×${mbConv.kernel}` : 'residual block'
}

const bandOf = (operation: Operation) => ({
  name: operationLabel(operation),
  colour: kernelColour(operation),
  opacity: (mbConvOf(operation)?.expansion ?? 6) > 3 ? 0.95 : 0.55,
})
