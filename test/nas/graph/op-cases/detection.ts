import { anchorsOf } from '../../../../nas/boxes/anchors.ts'
import { detections } from '../../../../nas/graph/ops/detections.ts'
import { found } from '../../../../nas/graph/ops/found.ts'
import { likeliestAnchors } from '../../../../nas/graph/ops/likeliest-anchors.ts'
import { proposals } from '../../../../nas/graph/ops/proposals.ts'
import { float32, type Tensor } from '../../../../nas/tensor.ts'
import { apart, fine, integers, normal, type OpCase, on, positive } from './op-case.ts'

const image = { height: 64, width: 96 }
const options = { scale: 2, ratios: [0.5, 2] }
const anchors = [
  anchorsOf({ stride: 8, height: 8, width: 12 }, options),
  anchorsOf({ stride: 16, height: 4, width: 6 }, options),
]

const proposing = (title: string, setting: Parameters<typeof proposals>[3]): OpCase =>
  on(
    `proposals: ${title}`,
    {
      fine: apart('fine', 2, 2, 8, 12),
      fineDeltas: normal('fineDeltas', 2, 8, 8, 12),
      coarse: apart('coarse', 2, 2, 4, 6),
      coarseDeltas: normal('coarseDeltas', 2, 8, 4, 6),
    },
    fine,
    (graph, fine, fineDeltas, coarse, coarseDeltas) => {
      const levels = [
        { objectness: fine!, deltas: fineDeltas!, anchors: anchors[0]! },
        { objectness: coarse!, deltas: coarseDeltas!, anchors: anchors[1]! },
      ]
      return [proposals(graph, levels, image, setting)]
    },
    [],
  )

/** Left and top, then width and height of 0 or more, to boxes. */
const boxes = (...shape: [number, number]): Tensor => {
  const [corner, size] = [positive('corner', ...shape, 2).data, positive('size', ...shape, 2).data]
  const edges = (i: number) => [80 * (corner[i]! - 0.5), 40 * (corner[i + 1]! - 0.5)]
  const rows = Array.from({ length: shape[0] * shape[1] }, (_, i) => {
    const [left, top] = edges(2 * i) as [number, number]
    return i % 7 === 6 ? [0, 0, 0, 0] : [left, top, left + 25 * size[2 * i]!, top + 25 * size[2 * i + 1]!]
  })
  return float32([...shape, 4], rows.flat())
}

/** Few different ones, so that many are equal. */
const probabilities = float32(
  [40, 4],
  [...integers('probabilities', 10, 40, 4).data].map((n) => n / 10),
)

const detecting = (title: string, setting: Parameters<typeof detections>[5]): OpCase =>
  on(
    `detections: ${title}`,
    { regions: boxes(2, 20), probabilities, deltas: normal('deltas', 40, 16) },
    fine,
    (graph, regions, probabilities, deltas) =>
      Object.values(detections(graph, regions!, probabilities!, deltas!, image, setting)),
    [],
  )

/** Of fixed length where all places are taken. */
const allFound: OpCase = on(
  'found: all that there is room for',
  { boxes: boxes(1, 6), scores: positive('scores', 1, 6), labels: integers('labels', 3, 1, 6) },
  fine,
  (graph, boxes, scores, labels) =>
    Object.values(found(graph, { boxes: boxes!, scores: scores!, labels: labels! })),
  [],
)

/** Of anchors that are as likely as others, too. */
const choosing = (title: string, most: number): OpCase =>
  on(
    `likeliest anchors: ${title}`,
    {
      probabilities: float32(
        [2, 3, 192],
        [...integers('anchorProbabilities', 10, 2, 3, 192).data].map((n) => n / 10),
      ),
      deltas: normal('anchorDeltas', 2, 4, 192),
    },
    fine,
    (graph, probabilities, deltas) => [
      ...likeliestAnchors(graph, probabilities!, deltas!, { anchors: anchors[0]!, most }),
    ],
    [],
  )

export const detectionCases: readonly OpCase[] = [
  choosing('some of many', 30),
  choosing('all', 1000),
  proposing('of two levels', { perLevel: 60, most: 20, threshold: 0.7 }),
  proposing('fewer than there is room for', { perLevel: 60, most: 1000, threshold: 0.3 }),
  proposing('all of a level that has few', { perLevel: 1000, most: 100, threshold: 0.7 }),
  detecting('the best of many', { score: 0.05, threshold: 0.5, most: 10 }),
  detecting('fewer than there is room for', { score: 0.6, threshold: 0.3, most: 100 }),
  detecting('nothing', { score: 0.95, threshold: 0.5, most: 100 }),
  allFound,
]
