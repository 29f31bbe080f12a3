import { type ClassCounts, sharesOf } from './class-counts.ts'
import { showRanges } from './ranges.ts'

/** What a dataset's configuration says of its classes; which keys there are depends on its kind. */
export interface ClassSource {
  readonly kind: string
  readonly path?: string
  readonly classes?: readonly string[] | number | string
  readonly ignoreLabel?: number
  readonly zeroIsIgnored?: boolean
  readonly limit?: { readonly train?: number | undefined } | undefined
  /** Of a generated dataset, how many. */
  readonly images?: number
  readonly allowAbsentClasses?: boolean | undefined
}

/** So many must occur: what is in no box is background, which is told apart from a single class. */
export const fewestClasses = ({ of }: ClassCounts): number => (of === 'boxes' ? 1 : 2)

const HOLDERS = { pixels: 'masks', images: 'images', boxes: 'boxes' } as const

/** More are not named one by one. */
const MOST_NAMED = 4
const MOST_VALUES = 8

/** `class "car" (value 2)`. */
export function named(
  labels: readonly number[],
  classes: readonly string[],
  { values }: ClassCounts,
): string {
  const names = labels.slice(0, MOST_NAMED).map((label) => {
    const value = values[label]
    if (value === undefined) return `"${classes[label]}"`
    return `"${classes[label]}" (${value === null ? 'its value is ignored' : `value ${value}`})`
  })
  const others = labels.length - names.length
  return `${labels.length === 1 ? 'class' : 'classes'} ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}

/** What the training masks hold: `0 (background, 55 %), 255 (void, 45 %)`; ranges where that is much. */
export function held(classes: readonly string[], { values, train }: ClassCounts): string {
  const shares = sharesOf(train)
  const present = classes.flatMap((name, label) =>
    train.classes[label] === 0 ? [] : { value: values[label]!, name, share: shares.classes[label]! },
  )
  const ignored = Object.entries(shares.ignored).map(([value, share]) => ({
    value: Number(value),
    name: 'void',
    share,
  }))
  const each = (entries: typeof ignored) =>
    entries.map(({ value, name, share }) => `${value} (${name}, ${percent(share)})`).join(', ')
  const all = [...present, ...ignored].sort((a, b) => a.value - b.value)
  if (all.length <= MOST_VALUES) return each(all)
  const voids =
    ignored.length <= MOST_NAMED
      ? each(ignored)
      : `${ignored.length} values that are void (${percent(shares.void)})`
  return [showRanges(present.map(({ value }) => value)), voids].filter((part) => part !== '').join(', ')
}

/** What may have been meant instead, the likeliest first. */
export function remedies(
  classes: readonly string[],
  counts: ClassCounts,
  source: ClassSource,
  absent: readonly number[],
): readonly string[] {
  const { of, values, train } = counts
  const label = absent[0]!
  const last = classes.length - 1
  const ignored = Object.keys(train.ignored)
  const isAlone = absent.length === 1
  const isShifted = isAlone && label === last && source.zeroIsIgnored && train.ignored[0]
  const isTaken = isAlone && !isShifted && ignored.length === 1 && values[label] !== null
  const said = [
    isShifted && `leave out zeroIsIgnored if mask value 0 is "${classes[0]}"`,
    isTaken && `write ${values[label]} for ${ignored[0]} in the masks if that is "${classes[label]}"`,
    values[label] === null && `set another ignoreLabel than ${source.ignoreLabel}`,
    source.limit?.train !== undefined && 'raise limit.train',
    source.images !== undefined && `raise images to ${classes.length}`,
    typeof source.classes === 'string' &&
      `correct ${source.classes}, each of whose lines is a class: "${classes[0]}" to "${classes[last]}"`,
    typeof source.classes === 'number' && `correct classes: ${source.classes}`,
    Array.isArray(source.classes) && 'correct the classes of the dataset',
    // Files of COCO's form often have categories above others, of which no box is.
    source.kind === 'coco' && source.classes === undefined && 'name those that there are: classes: [a, b]',
  ].filter((remedy) => typeof remedy === 'string')
  if (classes.length - absent.length >= fewestClasses(counts) && source.images === undefined)
    return [...said, 'set dataset.allowAbsentClasses: true if that is meant']
  return said.length > 0 ? said : [`add ${HOLDERS[of]} of other classes`]
}

/** `45 %`, `0.31 %`. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`
