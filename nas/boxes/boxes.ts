/** Left, top, right, bottom in pixels, continuous: a box ends where its right and bottom edges are. */
export type Box = readonly [left: number, top: number, right: number, bottom: number]

/** Boxes in rows of four numbers, in float32 as graphs have them. */
export type Boxes = Float32Array

export const countOf = (boxes: Boxes): number => boxes.length / 4

export const boxAt = (boxes: Boxes, i: number): Box => [
  boxes[4 * i]!,
  boxes[4 * i + 1]!,
  boxes[4 * i + 2]!,
  boxes[4 * i + 3]!,
]

export const rowsOf = (boxes: readonly Box[]): Boxes => Float32Array.from(boxes.flat())

/** Rows in another order, or some of them. */
export function pick(boxes: Boxes, rows: ArrayLike<number>): Boxes {
  const picked = new Float32Array(4 * rows.length)
  for (let i = 0; i < rows.length; i++) picked.set(boxes.subarray(4 * rows[i]!, 4 * rows[i]! + 4), 4 * i)
  return picked
}

/** Whether row `i` covers anything, as what is clipped to an image may not. */
export const hasArea = (boxes: Boxes, i: number): boolean =>
  boxes[4 * i + 2]! > boxes[4 * i]! && boxes[4 * i + 3]! > boxes[4 * i + 1]!

/** Moves edges into an image, in place. */
export function clip(boxes: Boxes, height: number, width: number): void {
  for (let i = 0; i < boxes.length; i += 4) {
    boxes[i] = Math.min(Math.max(boxes[i]!, 0), width)
    boxes[i + 1] = Math.min(Math.max(boxes[i + 1]!, 0), height)
    boxes[i + 2] = Math.min(Math.max(boxes[i + 2]!, 0), width)
    boxes[i + 3] = Math.min(Math.max(boxes[i + 3]!, 0), height)
  }
}
