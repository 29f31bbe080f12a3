import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { type Camera, project } from './camera.ts'
import { type Canvas, ellipse, figure, polygon, rectangle } from './canvas.ts'
import { POLE, SIGN } from './classes.ts'

interface Sign {
  readonly shape: 'disc' | 'triangle' | 'board'
  /** Metres. */
  readonly size: number
  readonly rim: Colour
  readonly field: Colour
}

/** Sizes in metres. */
export interface Pole {
  readonly kind: 'pole'
  readonly x: number
  readonly z: number
  readonly height: number
  readonly width: number
  readonly colour: Colour
  /** Length of a lamp's arm, to the right if positive; 0 without a lamp. */
  readonly arm: number
  readonly sign: Sign | undefined
}

/** A lamp post, or a post with a traffic sign. */
export function planPole(x: number, z: number, rng: Random): Pole {
  const lamp = bernoulli(rng, 0.5)
  return {
    kind: 'pole',
    x,
    z,
    height: lamp ? uniform(rng, 5, 8) : uniform(rng, 2.2, 3.2),
    width: lamp ? uniform(rng, 0.12, 0.2) : uniform(rng, 0.06, 0.1),
    colour: rng.pick<Colour>([
      [88, 88, 88],
      [120, 118, 112],
      [60, 62, 60],
      [150, 150, 152],
    ]),
    arm: lamp ? -Math.sign(x) * uniform(rng, 0.6, 1.8) : 0,
    sign: lamp && bernoulli(rng, 0.7) ? undefined : planSign(rng),
  }
}

const planSign = (rng: Random): Sign => ({
  shape: rng.pick(['disc', 'triangle', 'board']),
  size: uniform(rng, 0.55, 0.95),
  rim: rng.pick<Colour>([
    [190, 30, 35],
    [30, 70, 160],
    [120, 120, 120],
  ]),
  field: rng.pick<Colour>([
    [235, 235, 230],
    [230, 190, 40],
    [40, 85, 170],
    [130, 130, 130],
  ]),
})

export function drawPole(canvas: Canvas, camera: Camera, pole: Pole, clear: number): void {
  const { x, z, height, width, arm, sign } = pole
  const ink = { label: POLE, colour: pole.colour, light: 1, clear }
  const at = (dx: number, y: number) => project(camera, x + dx, y, z)
  rectangle(canvas, at(-width / 2, height), at(width / 2, 0), ink)
  if (arm !== 0) {
    figure(canvas, 'street light', () => {
      polygon(
        canvas,
        [at(0, height), at(arm, height + 0.25), at(arm, height + 0.1), at(0, height - 0.15)],
        ink,
      )
      rectangle(canvas, at(arm - 0.25, height + 0.25), at(arm + 0.25, height + 0.05), ink)
    })
  }
  if (sign) {
    const centre = [x, Math.min(height, 3) - sign.size / 2, z] as const
    figure(canvas, 'sign', () => drawSign(canvas, camera, sign, centre, clear))
  }
}

/** Rim and field, one inside the other. */
function drawSign(
  canvas: Canvas,
  camera: Camera,
  { shape, size, rim, field }: Sign,
  [x, y, z]: readonly [number, number, number],
  clear: number,
): void {
  for (const [colour, part] of [
    [rim, 1],
    [field, 0.68],
  ] as const) {
    const ink = { label: SIGN, colour, light: 1, clear }
    const half = (size / 2) * part
    const at = (dx: number, dy: number) => project(camera, x + dx, y + dy, z)
    if (shape === 'board') rectangle(canvas, at(-half, half * 1.4), at(half, -half * 1.4), ink)
    else if (shape === 'triangle') polygon(canvas, [at(0, half), at(half, -half), at(-half, -half)], ink)
    else {
      const radius = (half * camera.focal) / z
      ellipse(canvas, at(0, 0), [radius, radius], ink)
    }
  }
}
