import type { Box } from '../../boxes/boxes.ts'
import { TrellisError } from '../../errors.ts'
import { areaOf, clipped, type Size } from './box.ts'
import type { LabelledBox } from './dataset.ts'
import type { Annotation, NotedObject } from './layout.ts'

/** Something about a box that does not keep the image from being used. */
export interface Finding {
  readonly kind: 'clipped' | 'empty' | 'outside'
  /** File and object. */
  readonly where: string
  /** By how many pixels it stuck out. */
  readonly by: number
}

export interface CheckedBoxes {
  readonly boxes: readonly LabelledBox[]
  readonly findings: readonly Finding[]
}

interface Meaning {
  /** By name of a class. */
  readonly labels: ReadonlyMap<string, number>
  readonly onUnknown: string
  readonly dropsOutside?: boolean
}

/**
 * The boxes of an image, clipped to it; those without area are dropped.
 * @throws TrellisError `invalid-dataset` for an unknown class, a box outside of the image, and one that is inverted
 */
export function checkBoxes(annotation: Annotation, size: Size, meaning: Meaning): CheckedBoxes {
  const boxes: LabelledBox[] = []
  const findings: Finding[] = []
  for (const object of annotation.objects) {
    const where = `${annotation.where}: ${annotation.noun} ${object.id}`
    const label = meaning.labels.get(object.name)
    if (label === undefined) {
      throw new TrellisError(
        'invalid-dataset',
        `${where} is of "${object.name}", which is none of the classes`,
        {
          fix: meaning.onUnknown,
        },
      )
    }
    const flaw = flawOf(object.box, size)
    if (flaw === 'empty') findings.push({ kind: flaw, where, by: 0 })
    else if (flaw !== undefined && meaning.dropsOutside) findings.push({ kind: 'outside', where, by: 0 })
    else if (flaw !== undefined) throw wrong(where, object.box, size, flaw)
    else {
      const box = clipped(object.box, size)
      const by = Math.max(...box.map((edge, i) => Math.abs(edge - object.box[i]!)))
      if (by > 0) findings.push({ kind: 'clipped', where, by })
      boxes.push(labelled(object, box, label))
    }
  }
  return { boxes, findings }
}

const labelled = (object: NotedObject, box: Box, label: number): LabelledBox => ({
  box,
  label,
  area: object.area ?? areaOf(box),
  crowd: object.crowd ?? false,
  difficult: object.difficult ?? false,
})

function flawOf(box: Box, size: Size): 'inverted' | 'empty' | 'outside' | undefined {
  const [left, top, right, bottom] = box
  if (right < left || bottom < top) return 'inverted'
  if (right === left || bottom === top) return 'empty'
  const inside = clipped(box, size)
  return inside[0] < inside[2] && inside[1] < inside[3] ? undefined : 'outside'
}

function wrong(where: string, box: Box, { height, width }: Size, flaw: 'inverted' | 'outside'): TrellisError {
  const [left, top, right, bottom] = box
  const edges = `from (${left}, ${top}) to (${right}, ${bottom})`
  return flaw === 'inverted'
    ? new TrellisError('invalid-dataset', `${where} has an inverted box, ${edges}`, {
        fix: 'correct it: left is less than right, and top is less than bottom',
      })
    : new TrellisError(
        'invalid-dataset',
        `${where} has a box ${edges}, outside of its image of ${height}x${width}`,
        {
          fix: 'correct or remove it; x is counted to the right and y down, in pixels',
        },
      )
}

/** What to say of them, a sentence each. */
export function* sayFindings(findings: readonly Finding[], boxes: number): Iterable<string> {
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind)
  const [outlying, empty, outside] = [of('clipped'), of('empty'), of('outside')]
  if (outlying.length > 0) {
    const most = outlying.reduce((a, b) => (b.by > a.by ? b : a))
    yield `${outlying.length} of ${boxes} boxes stick out of their images and are clipped, by at most ${round(most.by)} px (${most.where})`
  }
  if (empty[0]) yield `${empty.length} boxes without area are left out (${empty[0].where})`
  if (outside[0])
    yield `${outside.length} boxes that are inverted or outside of their images are left out (${outside[0].where})`
}

const round = (pixels: number): number => Number(pixels.toPrecision(3))
