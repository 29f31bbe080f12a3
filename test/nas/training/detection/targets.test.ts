import { describe, expect, it } from 'vitest'
import { boxAt, rowsOf } from '../../../../nas/boxes/boxes.ts'
import { detectionsOf } from '../../../../nas/boxes/detections.ts'
import { random } from '../../../../nas/random.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { anchorTargets } from '../../../../nas/training/detection/anchor-targets.ts'
import { geometryOf } from '../../../../nas/training/detection/geometry.ts'
import { twoStageOptions } from '../../../../nas/training/detection/options.ts'
import { propose } from '../../../../nas/training/detection/propose.ts'
import { NOT_A_REGION, regionTargets } from '../../../../nas/training/detection/region-targets.ts'
import { packTruths, unpackTruths } from '../../../../nas/training/detection/truth.ts'

const options = twoStageOptions({ classes: 3, anchor: 4, regions: 16, proposals: 20 })
const sizes = [
  [16, 24],
  [8, 12],
  [4, 6],
  [2, 3],
  [1, 2],
] as const
const geometry = geometryOf([64, 96], sizes, options)
const truths = [
  {
    boxes: rowsOf([
      [4, 6, 22, 21],
      [50, 10, 90, 60],
    ]),
    labels: [2, 0],
  },
  { boxes: rowsOf([]), labels: [] },
  { boxes: rowsOf([[30, 30, 47, 44]]), labels: [1] },
]
const stream = (name: string) => (image: number) => random(0, name, image)

describe('truths of a batch', () => {
  it('come back from their tensor, with images that show nothing', () => {
    expect(unpackTruths(packTruths(truths), 3)).toEqual(truths)
  })
})

describe('a network that has learnt its targets', () => {
  const targets = anchorTargets(geometry, truths, options, stream('anchors'))
  const [target, weight] = [targets['objectness/target']!, targets['objectness/weight']!]
  // What was not sampled is said to be nothing.
  const objectness = float32(
    target.shape,
    Float32Array.from(target.data, (t, i) => (t === 1 && weight.data[i]! > 0 ? 9 : -9)),
  )
  const proposals = propose(geometry, objectness, targets['deltas/target']!, options.proposals.evaluation)

  it('proposes the true boxes first', () => {
    for (const [image, { boxes }] of truths.entries()) {
      const found = proposals[image]!
      const likely = [...found.scores].filter((score) => score > 0).length
      expect(likely).toBe(boxes.length / 4)
      const rounded = (of: typeof boxes, row: number) => boxAt(of, row).map(Math.round).join()
      expect(Array.from({ length: likely }, (_, row) => rounded(found.boxes, row)).sort()).toEqual(
        Array.from({ length: likely }, (_, row) => rounded(boxes, row)).sort(),
      )
    }
  })

  it('finds the true boxes in what it proposes, with their labels', () => {
    const shaken = proposals.map(({ boxes }) => boxes.map((edge, i) => edge + ((i * 7) % 3) - 1))
    const given = regionTargets(shaken, truths, options, stream('regions'))
    const { size } = options.regionSample
    const columns = 4 * (options.classes + 1)
    for (const [image, { boxes, labels }] of truths.entries()) {
      const rows = Array.from({ length: size }, (_, i) => size * image + i).filter(
        (row) => given['region/label']!.data[row] !== NOT_A_REGION,
      )
      const regions = rows.flatMap((row) => [...given.regions!.data.subarray(4 * row, 4 * row + 4)])
      const probabilities = rows.flatMap((row) =>
        Array.from({ length: options.classes + 1 }, (_, c) => Number(c === given['region/label']!.data[row])),
      )
      const deltas = rows.flatMap((row) => [
        ...given['region/target']!.data.subarray(columns * row, columns * (row + 1)),
      ])
      const found = detectionsOf(
        Float32Array.from(regions),
        Float32Array.from(probabilities),
        Float32Array.from(deltas),
        { height: 64, width: 96 },
        { score: 0.5, threshold: 0.5, most: 10 },
      )
      const show = (of: ArrayLike<number>, label: number, i: number) =>
        `${label}: ${boxAt(Float32Array.from(of), i).map(Math.round)}`
      expect([...found.labels].map((label, i) => show(found.boxes, label, i)).sort()).toEqual(
        labels.map((label, i) => show(boxes, label, i)).sort(),
      )
    }
  })
})

describe('weights of losses', () => {
  it('average over the anchors that were sampled, of which boxes are learnt by those of a truth', () => {
    const targets = anchorTargets(geometry, truths, options, stream('anchors'))
    const sum = (name: string) => [...targets[name]!.data].reduce((total, w) => total + w, 0)
    expect(sum('objectness/weight')).toBeCloseTo(1, 4)
    const positive = targets['objectness/target']!.data.filter((t) => t === 1).length
    const sampled = targets['objectness/weight']!.data.filter((w) => w > 0).length
    expect(sum('deltas/weight')).toBeCloseTo((4 * positive) / sampled, 4)
  })

  it('average over the regions, of which the background has no box to learn', () => {
    const given = regionTargets(
      truths.map(() => rowsOf([[0, 0, 10, 10]])),
      truths,
      options,
      stream('regions'),
    )
    const labels = [...given['region/label']!.data].filter((label) => label !== NOT_A_REGION)
    const foreground = labels.filter((label) => label > 0).length
    expect(labels.length).toBe(6)
    expect([...given['region/weight']!.data].reduce((total, w) => total + w, 0)).toBeCloseTo(
      (4 * foreground) / labels.length,
      5,
    )
  })
})
