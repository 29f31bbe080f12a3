import { encode } from 'fast-png'
import { type Box, boxAt } from '../../nas/boxes/boxes.ts'
import type { Detections } from '../../nas/boxes/detections.ts'
import type { Pixels } from '../../nas/data/dataset.ts'
import { boxColours, drawBoxes, LEAST_DRAWN } from '../../nas/data/detection/draw.ts'
import { percent } from '../../report/format.ts'
import { writeOutput } from '../write-output.ts'

export interface FoundObject {
  readonly name: string
  readonly score: number
  /** Left, top, right and bottom edge in pixels of the image. */
  readonly box: Box
}

export const objectsOf = (
  { boxes, scores, labels }: Detections,
  classes: readonly string[],
): readonly FoundObject[] =>
  Array.from(scores, (score, i) => ({ name: classes[labels[i]!]!, score, box: boxAt(boxes, i) }))

/** The likely ones, as `2 car, 1 person`. */
export function objectsInWords(objects: readonly FoundObject[]): string {
  const likely = objects.filter(({ score }) => score >= LEAST_DRAWN)
  if (likely.length === 0) return `nothing of ${percent(LEAST_DRAWN)} or more`
  const counts = new Map<string, number>()
  for (const { name } of likely) counts.set(name, (counts.get(name) ?? 0) + 1)
  const words = [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
  return `${likely.length} found: ${words}`
}

/** Writes the image with the boxes of what is likely. */
export async function writeBoxes(
  file: string,
  image: Pixels,
  found: Detections,
  classes: readonly string[],
): Promise<void> {
  const objects = Array.from(found.scores, (score, i) => ({
    box: boxAt(found.boxes, i),
    label: found.labels[i]!,
    score,
  }))
  const { height, width, data } = drawBoxes(image, [], objects, boxColours(classes.length))
  await writeOutput(file, encode({ height, width, channels: 3, depth: 8, data }), '--out')
}
