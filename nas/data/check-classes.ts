import { TrellisError } from '../errors.ts'
import { type ClassCounts, type SplitCounts, sharesOf } from './class-counts.ts'
import { showRanges } from './ranges.ts'

/** What a dataset's configuration says of its classes; which keys there are depends on its kind. */
export interface ClassSource {
  readonly kind: string
  readonly path?: string
  readonly classes?: readonly string[] | number | string
  readonly zeroIsIgnored?: boolean
  readonly limit?: { readonly train?: number | undefined } | undefined
  readonly allowAbsentClasses?: boolean | undefined
}

/** Above this share of a split, void is hardly meant. Cityscapes has 12 %, ADE20K 9 %, VOC 5 %. */
export const MUCH_VOID = 0.25

/**
 * @throws TrellisError `invalid-dataset` where the training images show fewer than two classes, or lack a class and
 * `allowAbsentClasses` is not set
 */
export function checkClasses(classes: readonly string[], counts: ClassCounts, source: ClassSource): void {
  const absent = absentIn(counts.train)
  const present = classes.length - absent.length
  if (present >= 2 && (absent.length === 0 || source.allowAbsentClasses)) return
  const where = source.path === undefined ? '' : `${source.path}: `
  if (classes.length === 1) {
    throw new TrellisError(
      'invalid-dataset',
      `${where}"${classes[0]}" is the only class: with one class there is nothing to tell apart`,
      {
        fix: counts.train.ignored[0]
          ? `name what mask value 0 is as the first class, e.g. classes: [background, ${classes[0]}], and do not ignore it`
          : 'name the other classes, too',
      },
    )
  }
  const nothing = present < 2 ? ', so there is nothing to tell apart' : ''
  throw new TrellisError(
    'invalid-dataset',
    counts.of === 'images'
      ? `${where}limit.train leaves no image of ${named(absent, classes, counts)}${nothing}`
      : `${where}no training mask holds ${named(absent, classes, counts)}${nothing}; they hold ${held(classes, counts)}`,
    { fix: fixes(classes, counts, source, absent).join(', or ') },
  )
}

/** What may be meant, and should be known before the scores are believed. */
export function* classWarnings(classes: readonly string[], counts: ClassCounts): Iterable<string> {
  const noun = counts.of === 'pixels' ? 'mask holds' : 'image is of'
  const missing = absentIn(counts.train)
  if (missing.length > 0)
    yield `No training ${noun} ${named(missing, classes, counts)}: no network learns what that looks like.`
  const unjudged = absentIn(counts.validation)
  if (unjudged.length > 0)
    yield `No validation ${noun} ${named(unjudged, classes, counts)}: the score does not say how well that is found.`
  for (const split of ['train', 'validation'] as const) {
    const share = sharesOf(counts[split]).void
    if (share > MUCH_VOID)
      yield `${percent(share)} of the ${split === 'train' ? 'training' : 'validation'} pixels are void (mask value ${showRanges(Object.keys(counts[split].ignored).map(Number))}), and count for nothing.`
  }
}

/** Labels. */
const absentIn = ({ classes }: SplitCounts): readonly number[] =>
  classes.flatMap((count, label) => (count === 0 ? label : []))

/** More are not named one by one. */
const MOST_NAMED = 4
const MOST_VALUES = 8

/** `class "car" (value 2)`. */
function named(labels: readonly number[], classes: readonly string[], { values }: ClassCounts): string {
  const names = labels.slice(0, MOST_NAMED).map((label) => {
    const value = values[label]
    if (value === undefined) return `"${classes[label]}"`
    return `"${classes[label]}" (${value === null ? 'its value is ignored' : `value ${value}`})`
  })
  const others = labels.length - names.length
  return `${labels.length === 1 ? 'class' : 'classes'} ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}

/** What the training masks hold: `0 (background, 55 %), 255 (void, 45 %)`. */
function held(classes: readonly string[], { values, train }: ClassCounts): string {
  const shares = sharesOf(train)
  const present = classes.flatMap((name, label) =>
    train.classes[label] === 0 ? [] : { value: values[label]!, name, share: shares.classes[label]! },
  )
  const total = [...train.classes, ...Object.values(train.ignored)].reduce((a, b) => a + b)
  const ignored = Object.entries(train.ignored).map(([value, pixels]) => ({
    value: Number(value),
    name: 'void',
    share: pixels / total,
  }))
  const each = (entries: typeof ignored) =>
    entries.map(({ value, name, share }) => `${value} (${name}, ${percent(share)})`).join(', ')
  const all = [...present, ...ignored].sort((a, b) => a.value - b.value)
  if (all.length <= MOST_VALUES) return each(all)
  const ranges = showRanges(present.map(({ value }) => value))
  const lessVoid =
    ignored.length <= MOST_NAMED
      ? each(ignored)
      : `${ignored.length} values of void (${percent(shares.void)})`
  return [ranges, lessVoid].filter((part) => part !== '').join(', ')
}

function fixes(
  classes: readonly string[],
  { of, values, train }: ClassCounts,
  source: ClassSource,
  absent: readonly number[],
): readonly string[] {
  const [first, ...more] = absent
  const ignored = Object.keys(train.ignored)
  const last = classes.length - 1
  const isAlone = more.length === 0
  const shifted = isAlone && first === last && source.zeroIsIgnored && train.ignored[0]
  const mistaken = isAlone && !shifted && ignored.length === 1 && values[first!] !== null
  return [
    ...(shifted ? [`leave out zeroIsIgnored if mask value 0 is "${classes[0]}"`] : []),
    ...(mistaken
      ? [`write ${values[first!]} for ${ignored[0]} in the masks if that is "${classes[first!]}"`]
      : []),
    ...(source.limit?.train === undefined ? [] : ['raise limit.train']),
    ...(of === 'pixels' && typeof source.classes === 'string'
      ? [`correct ${source.classes}, each of whose lines is a class: "${classes[0]}" to "${classes[last]}"`]
      : []),
    ...(of === 'pixels' && typeof source.classes === 'object' ? ['correct the classes of the dataset'] : []),
    ...(of === 'pixels' && typeof source.classes === 'number' ? [`correct classes: ${source.classes}`] : []),
    ...(classes.length - absent.length < 2 ? [] : ['set dataset.allowAbsentClasses: true if that is meant']),
  ]
}

/** `45 %`, `0.31 %`. */
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`
