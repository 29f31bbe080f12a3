import { TrellisError } from '../errors.ts'
import { type ClassCounts, type SplitCounts, sharesOf } from './class-counts.ts'
import { type ClassSource, fewestClasses, held, named, percent, remedies } from './class-words.ts'
import type { Split } from './dataset.ts'
import { showRanges } from './ranges.ts'

/** Above this share of a split, void is hardly meant. Cityscapes has 12 %, ADE20K 9 %, VOC 5 %. */
const MUCH_VOID = 0.25

/**
 * @throws TrellisError `invalid-dataset` where the training images show fewer than two classes (of boxes, none), or lack a class
 * and `allowAbsentClasses` is not set
 */
export function checkClasses(classes: readonly string[], counts: ClassCounts, source: ClassSource): void {
  const absent = absentIn(counts.train)
  const present = classes.length - absent.length
  const fewest = fewestClasses(counts)
  if (present >= fewest && (absent.length === 0 || source.allowAbsentClasses)) return
  const where = source.path === undefined ? '' : `${source.path}: `
  if (classes.length < fewest) throw onlyClass(where, classes[0]!, counts)
  const what = `${where}no training ${holds(counts)} ${named(absent, classes, counts)}`
  const nothing = present < fewest ? ', so there is nothing to tell apart' : ''
  const instead = counts.of === 'pixels' ? `; they hold ${held(classes, counts)}` : ''
  throw new TrellisError('invalid-dataset', `${what}${nothing}${instead}`, {
    fix: remedies(classes, counts, source, absent).join(', or '),
  })
}

const onlyClass = (where: string, name: string, { train }: ClassCounts) =>
  new TrellisError(
    'invalid-dataset',
    `${where}"${name}" is the only class: with one class there is nothing to tell apart`,
    {
      fix: train.ignored[0]
        ? `name what mask value 0 is as the first class, e.g. classes: [background, ${name}], and do not ignore it`
        : 'name the other classes, too',
    },
  )

/** What may be meant, and should be known before the scores are believed. */
export function* classWarnings(classes: readonly string[], counts: ClassCounts): Iterable<string> {
  const untaught = absentIn(counts.train)
  if (untaught.length > 0)
    yield `No training ${holds(counts)} ${named(untaught, classes, counts)}: no network learns what that looks like.`
  for (const split of JUDGED) yield* onUnjudged(split, classes, counts)
  for (const split of ['train', ...JUDGED] as const) yield* onVoid(split, counts)
}

const JUDGED = ['validation', 'test'] as const

/** Likewise, of images that score a network. */
export function* splitWarnings(
  split: Split,
  classes: readonly string[],
  counts: ClassCounts,
): Iterable<string> {
  yield* onUnjudged(split, classes, counts)
  yield* onVoid(split, counts)
}

const NAMES = { train: 'training', validation: 'validation', test: 'test' } as const

function* onUnjudged(split: Split, classes: readonly string[], counts: ClassCounts): Iterable<string> {
  const unjudged = counts[split] ? absentIn(counts[split]) : []
  if (unjudged.length > 0)
    yield `No ${NAMES[split]} ${holds(counts)} ${named(unjudged, classes, counts)}: the score does not say how well that is found.`
}

function* onVoid(split: Split, counts: ClassCounts): Iterable<string> {
  const ofSplit = counts[split]
  if (ofSplit === undefined) return
  const share = sharesOf(ofSplit).void
  if (share <= MUCH_VOID) return
  const values = showRanges(Object.keys(ofSplit.ignored).map(Number))
  yield `${percent(share)} of the ${NAMES[split]} pixels are void (mask value ${values}), and count for nothing.`
}

const HOLDS = { pixels: 'mask holds', images: 'image is of', boxes: 'box is of' } as const
const holds = ({ of }: ClassCounts) => HOLDS[of]

/** Labels. */
const absentIn = ({ classes }: SplitCounts): readonly number[] =>
  classes.flatMap((count, label) => (count === 0 ? label : []))
