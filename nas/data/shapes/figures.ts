/**
 * Signed distance from (x, y) to the outline of a figure in the unit disc: negative inside, nearly exact close to the outline.
 * y points down. Every figure is its own mirror image, so that a flip keeps the class.
 */
export type Figure = (x: number, y: number) => number

const polygon =
  (corners: number): Figure =>
  (x, y) => {
    const sector = (2 * Math.PI) / corners
    const angle = Math.atan2(x, -y)
    const folded = angle - sector * (Math.floor(angle / sector) + 0.5)
    return Math.hypot(x, y) * Math.cos(folded) - Math.cos(sector / 2)
  }

const box = (x: number, y: number, halfWidth: number, halfHeight: number): number =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight)

const disc: Figure = (x, y) => Math.hypot(x, y) - 0.9

const ring: Figure = (x, y) => Math.abs(Math.hypot(x, y) - 0.68) - 0.24

const crescent: Figure = (x, y) => Math.max(Math.hypot(x, y) - 0.95, 0.75 - Math.hypot(x, y + 0.45))

const square: Figure = (x, y) => box(x, y, 0.75, 0.75)

const cross: Figure = (x, y) => Math.min(box(x, y, 0.95, 0.28), box(x, y, 0.28, 0.95))

/** Each of ten equal sectors is cut by one line, from a tip at radius 1 to a notch at radius `NOTCH`. */
const NOTCH = 0.45
const star: Figure = (x, y) => {
  const half = Math.PI / 5
  const angle = Math.abs(Math.atan2(x, -y)) % (2 * half)
  const folded = Math.min(angle, 2 * half - angle)
  const radius = Math.hypot(x, y)
  const [u, v] = [radius * Math.cos(folded), radius * Math.sin(folded)]
  const [notchX, notchY] = [NOTCH * Math.cos(half), NOTCH * Math.sin(half)]
  return ((u - 1) * notchY + v * (1 - notchX)) / Math.hypot(notchY, 1 - notchX)
}

/** A square on its corner, and a disc on each of its upper sides. */
const heart: Figure = (x, y) => {
  const side = 1.06
  const middle = side / Math.sqrt(8)
  const lifted = y - 0.1
  const square = (Math.abs(x) + Math.abs(lifted) - side / Math.SQRT2) / Math.SQRT2
  return Math.min(square, Math.hypot(Math.abs(x) - middle, lifted + middle) - side / 2)
}

const arrow: Figure = (x, y) => {
  const shaft = box(x, y - 0.4, 0.22, 0.55)
  const head = Math.max(y, (Math.abs(x) - 0.75 * (1 + y)) * 0.8)
  return Math.min(shaft, head)
}

/** By class. */
export const FIGURES = {
  disc,
  ring,
  crescent,
  triangle: polygon(3),
  square,
  pentagon: polygon(5),
  star,
  cross,
  heart,
  arrow,
} as const satisfies Readonly<Record<string, Figure>>
