const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })
const whole = new Intl.NumberFormat('en-US')
const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** 356160 -> '356K': parameters, multiply-adds. */
export const large = (n: number | null): string => (n === null ? '–' : compact.format(n))

/** 28000 -> '28,000'. */
export const count = (n: number): string => whole.format(n)

/** '1 trial', '28,000 trials'. */
export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`

/** A share in [0, 1] as the papers write mIoU: 0.7312 -> '73.12'. */
export const points = (share: number | null): string => (share === null ? '–' : (share * 100).toFixed(2))

/** '73.12 %'. */
export const percent = (share: number | null): string => (share === null ? '–' : `${points(share)} %`)

/** A score, a share, with its interval. */
interface Within {
  readonly score: number
  readonly low: number
  readonly high: number
}

const interval = ({ low, high }: Within): string => `[${points(low)}, ${points(high)}]`

/** '31.20 [29.80, 32.60]'. */
export const pointsWithin = (within: Within): string => `${points(within.score)} ${interval(within)}`

/** '31.20 % [29.80, 32.60]'. */
export const percentWithin = (within: Within): string => `${percent(within.score)} ${interval(within)}`

/** A difference of two shares, in points: '+1.30', '−0.42'. */
export const difference = (share: number): string => `${share < 0 ? '−' : '+'}${points(Math.abs(share))}`

/** '$4.11'; under a cent, to the first two digits that count. */
export const usd = (amount: number): string =>
  amount > 0 && amount < 0.01 ? `$${amount.toPrecision(2)}` : money.format(amount)

/** '42 s', '3 min 10 s', '2 h 05 min', '3 d 4 h'. */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${String(Math.floor(s / 60) % 60).padStart(2, '0')} min`
  return `${Math.floor(s / 86_400)} d ${Math.floor(s / 3600) % 24} h`
}

/** 1 -> '1st', 12 -> '12th'. */
export function ordinal(n: number): string {
  const suffixes = { one: 'st', two: 'nd', few: 'rd' } as const
  const rule = new Intl.PluralRules('en-US', { type: 'ordinal' }).select(n) as keyof typeof suffixes
  return `${count(n)}${suffixes[rule] ?? 'th'}`
}

/** '2026-11-22 14:03 UTC' of milliseconds since 1970. */
export function date(time: number): string {
  const iso = new Date(time).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
