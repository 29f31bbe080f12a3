import type { Random } from '../../random.ts'
import { bernoulli, uniform } from '../distributions.ts'
import type { Colour } from '../palette.ts'
import { type Camera, type Point, project } from './camera.ts'
import { type Canvas, polygon, rectangle, shadow } from './canvas.ts'
import { CAR } from './classes.ts'

/** A car that is seen from behind, from the front or from the side. Sizes in metres. */
export interface Car {
  readonly kind: 'car'
  /** The centre of the side that faces the camera. */
  readonly x: number
  readonly z: number
  readonly pose: 'ahead' | 'oncoming' | 'crossing'
  readonly width: number
  readonly length: number
  readonly height: number
  readonly paint: Colour
  readonly glass: Colour
}

const PAINT: readonly Colour[] = [
  [40, 42, 46],
  [110, 112, 115],
  [165, 168, 172],
  [222, 222, 220],
  [150, 30, 32],
  [38, 65, 125],
  [40, 85, 65],
  [190, 165, 60],
]

export function planCar(x: number, z: number, pose: Car['pose'], rng: Random): Car {
  const van = bernoulli(rng, 0.2)
  return {
    kind: 'car',
    x,
    z,
    pose,
    width: uniform(rng, 1.7, 1.95),
    length: van ? uniform(rng, 4.8, 5.8) : uniform(rng, 3.7, 4.7),
    height: van ? uniform(rng, 1.9, 2.5) : uniform(rng, 1.4, 1.6),
    paint: rng.pick(PAINT),
    // The same colours as the glass of houses.
    glass: bernoulli(rng, 0.6) ? [45, 55, 65] : [150, 170, 190],
  }
}

const TYRE: Colour = [28, 28, 28]

export function drawCar(canvas: Canvas, camera: Camera, car: Car, clear: number): void {
  const depth = car.pose === 'crossing' ? car.width : car.length
  const across = car.pose === 'crossing' ? car.length : car.width
  const [cx, cy] = project(camera, car.x, 0, car.z + depth / 2)
  const metre = camera.focal / car.z
  shadow(canvas, [cx, cy], [metre * across * 0.6, (metre * camera.y * depth) / (car.z + depth) / 1.6], 0.5)
  if (car.pose === 'crossing') drawProfile(canvas, camera, car, clear)
  else {
    drawFlank(canvas, camera, car, clear)
    drawEnd(canvas, camera, car, clear)
  }
}

type At = (along: number, y: number) => Point

/** Body, cabin, windows and wheels from the side. @param at projects a point of the profile to the picture */
function drawSide(
  canvas: Canvas,
  at: At,
  { length, height, paint, glass }: Car,
  light: number,
  clear: number,
): void {
  const belt = height * 0.6
  const ink = (colour: Colour, factor = 1) => ({ label: CAR, colour, light: light * factor, clear })
  const bonnet = height > 1.8 ? 0.6 : length * 0.22
  polygon(canvas, [at(0, 0.25), at(length, 0.25), at(length, belt), at(0, belt)], ink(paint))
  polygon(
    canvas,
    [at(0.15, belt), at(length - bonnet, belt), at(length - bonnet - 0.6, height), at(0.5, height)],
    ink(paint),
  )
  const sill = belt + 0.02
  const lintel = height - 0.1
  const middle = (length - bonnet) / 2
  polygon(
    canvas,
    [at(0.5, sill), at(middle - 0.06, sill), at(middle - 0.06, lintel), at(0.7, lintel)],
    ink(glass),
  )
  polygon(
    canvas,
    [
      at(middle + 0.06, sill),
      at(length - bonnet - 0.2, sill),
      at(length - bonnet - 0.65, lintel),
      at(middle + 0.06, lintel),
    ],
    ink(glass),
  )
  for (const axle of [0.8, length - 0.8]) {
    const rim = (radius: number) =>
      Array.from({ length: 10 }, (_, i) => {
        const angle = (2 * Math.PI * i) / 10
        return at(axle + radius * Math.cos(angle), 0.32 + radius * Math.sin(angle))
      })
    polygon(canvas, rim(0.33), ink(TYRE))
    polygon(canvas, rim(0.16), ink([120, 120, 122]))
  }
}

/** The visible flank of a car that drives along the street; a car straight ahead shows none. */
function drawFlank(canvas: Canvas, camera: Camera, car: Car, clear: number): void {
  const side = Math.sign(camera.x - car.x)
  if (Math.abs(camera.x - car.x) < car.width / 2) return
  drawSide(
    canvas,
    (along, y) => project(camera, car.x + (side * car.width) / 2, y, car.z + along),
    car,
    0.8,
    clear,
  )
}

function drawProfile(canvas: Canvas, camera: Camera, car: Car, clear: number): void {
  drawSide(canvas, (along, y) => project(camera, car.x + along - car.length / 2, y, car.z), car, 1, clear)
}

/** The rear of a car ahead, or the front of an oncoming one. */
function drawEnd(
  canvas: Canvas,
  camera: Camera,
  { x, z, pose, width, height, paint, glass }: Car,
  clear: number,
): void {
  const at: At = (across, y) => project(camera, x + (across * width) / 2, y, z)
  const ink = (colour: Colour, light = 1) => ({ label: CAR, colour, light, clear })
  const belt = height * 0.6
  const lamp: Colour = pose === 'ahead' ? [185, 25, 25] : [240, 240, 215]
  for (const tyre of [-0.92, 0.62]) rectangle(canvas, at(tyre, 0.4), at(tyre + 0.3, 0), ink(TYRE))
  polygon(canvas, [at(-0.94, belt), at(0.94, belt), at(0.8, height), at(-0.8, height)], ink(paint, 0.95))
  polygon(
    canvas,
    [at(-0.82, belt + 0.04), at(0.82, belt + 0.04), at(0.7, height - 0.1), at(-0.7, height - 0.1)],
    ink(glass),
  )
  rectangle(canvas, at(-1, belt), at(1, 0.25), ink(paint))
  rectangle(canvas, at(-1, 0.42), at(1, 0.25), ink(paint, 0.55))
  rectangle(canvas, at(-0.3, 0.56), at(0.3, 0.44), ink([225, 225, 205]))
  rectangle(canvas, at(-0.98, belt - 0.08), at(-0.68, belt - 0.24), ink(lamp))
  rectangle(canvas, at(0.68, belt - 0.08), at(0.98, belt - 0.24), ink(lamp))
}
