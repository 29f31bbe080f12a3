import type { Graph } from '../graph.ts'
import type { Axes } from './model.ts'

/** Names of the axes of images, maps, masks, and numbers by image, by how many axes there are. */
const AXES: readonly Axes[] = [
  [],
  ['batch'],
  ['batch', null],
  ['batch', 'height', 'width'],
  ['batch', null, 'height', 'width'],
]

/** Axes of a graph's inputs and outputs that leave number, height and width of images open. */
export const anyImages = ({ inputs, outputs }: Graph): Readonly<Record<string, Axes>> =>
  Object.fromEntries([...inputs, ...outputs].map(([name, { type }]) => [name, AXES[type.shape.length]!]))
