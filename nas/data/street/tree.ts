import type { Random } from '../../random.ts'
import { uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { type Camera, project } from './camera.ts'
import { type Canvas, ellipse, polygon, shadow } from './canvas.ts'
import { TREE } from './classes.ts'
import { jittered, scaled } from './colours.ts'

/** Sizes in metres. */
export interface Tree {
  readonly kind: 'tree'
  readonly x: number
  readonly z: number
  /** Width and height of the trunk. */
  readonly trunk: readonly [width: number, height: number]
  readonly bark: Colour
  /** The crown: clumps of leaves, the later in front. */
  readonly clumps: readonly {
    readonly x: number
    readonly y: number
    readonly radius: number
    readonly leaf: Colour
  }[]
}

export function planTree(x: number, z: number, rng: Random): Tree {
  const height = uniform(rng, 1.8, 3.2)
  const spread = uniform(rng, 1, 2.2)
  const leaf = jittered(
    rng,
    rng.pick<Colour>([
      [62, 92, 42],
      [82, 102, 48],
      [112, 108, 50],
      [50, 76, 52],
    ]),
    12,
  )
  return {
    kind: 'tree',
    x,
    z,
    trunk: [uniform(rng, 0.16, 0.4), height],
    // Grey or brown: near the ground a trunk and a pole can look the same.
    bark: rng.pick<Colour>([
      [85, 68, 52],
      [88, 88, 88],
      [120, 118, 112],
    ]),
    clumps: Array.from({ length: 40 }, (_, i) => {
      const angle = 2 * Math.PI * rng.uniform()
      const distance = spread * Math.sqrt(rng.uniform())
      const y = Math.sin(angle) * distance
      const size = i < 14 ? uniform(rng, 0.35, 0.55) : uniform(rng, 0.1, 0.25)
      return {
        x: Math.cos(angle) * distance,
        y: height + spread * 0.8 + y,
        radius: size * spread,
        // Lit from above.
        leaf: scaled(leaf, 0.95 + (0.3 * y) / spread + uniform(rng, -0.2, 0.2)),
      }
    }),
  }
}

/** @param clear the transmittance of the haze */
export function drawTree(
  canvas: Canvas,
  camera: Camera,
  { x, z, trunk, bark, clumps }: Tree,
  clear: number,
): void {
  const metre = camera.focal / z
  const [width, height] = trunk
  shadow(canvas, project(camera, x, 0, z), [metre, metre * 0.12], 0.75)
  polygon(
    canvas,
    [
      project(camera, x - width / 2, 0, z),
      project(camera, x + width / 2, 0, z),
      project(camera, x + width / 3, height + 0.5, z),
      project(camera, x - width / 3, height + 0.5, z),
    ],
    { label: TREE, colour: bark, light: 1, clear },
  )
  for (const clump of clumps) {
    const radius = clump.radius * metre
    ellipse(canvas, project(camera, x + clump.x, clump.y, z), [radius, radius], {
      label: TREE,
      colour: clump.leaf,
      light: 1,
      clear,
    })
  }
}
