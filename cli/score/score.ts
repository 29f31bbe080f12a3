import type { z } from 'zod'
import {
  accumulate,
  averagePrecision,
  averagePrecisionAt,
  STATS,
  summarise,
} from '../../nas/metrics/detection/coco.ts'
import { matchImages } from '../../nas/metrics/detection/match.ts'
import { pool } from '../../nas/metrics/detection/pool.ts'
import { counted, points } from '../../report/format.ts'
import { scoreJson } from '../json.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { readDetectionsFile } from './detections-file.ts'
import { readTruthFile, type TruthFile } from './truth-file.ts'

export interface ScoreOptions {
  /** File of annotations. */
  readonly truth: string
  readonly json?: boolean
}

/** Scores detections, of any detector, against annotations as COCO does, and prints the scores. */
export function score(path: string, options: ScoreOptions): void {
  const truth = readTruthFile(options.truth)
  const detections = readDetectionsFile(path, truth)
  for (const warning of truth.warnings) console.error(`warning: ${warning}`)
  const classes = accumulate(pool(matchImages([...truth.images], truth.truths, detections)))
  const scores = scoresOf(truth, classes)
  if (options.json) {
    console.log(JSON.stringify(scoreJson.parse(scores)))
    return
  }
  const counts = [
    counted(truth.images.size, 'image'),
    counted(truth.truths.length, 'object'),
    counted(detections.length, 'detection'),
  ]
  console.log(printable([counts.join(', '), '', inWords(scores)].join('\n')))
}

type Scores = z.infer<typeof scoreJson>

/** pycocotools' number for what has no truth. */
const NOTHING = -1

function scoresOf({ categories }: TruthFile, classes: ReturnType<typeof accumulate>): Scores {
  const scored = new Map(classes.map(({ label, areas }) => [label, areas.all]))
  return {
    stats: summarise(classes).map((stat) => stat ?? NOTHING),
    classes: Array.from(categories, ([id, name]) => {
      const all = scored.get(id)
      return {
        id,
        name,
        ap: all === undefined ? NOTHING : averagePrecision(all),
        ap50: all === undefined ? NOTHING : averagePrecisionAt(0)(all),
      }
    }),
  }
}

const shown = (value: number): string => points(value === NOTHING ? null : value)

const inWords = ({ stats, classes }: Scores): string =>
  [
    table([['COCO', '%'], ...STATS.map(({ name }, i) => [name, shown(stats[i]!)])]),
    '',
    table([
      ['class', 'AP', 'AP at IoU 0.50'],
      ...classes.map(({ name, ap, ap50 }) => [name, shown(ap), shown(ap50)]),
    ]),
  ].join('\n')
