import type { Colour } from '../palette.ts'
import { groundDepth } from './camera.ts'
import { type Canvas, dot } from './canvas.ts'
import { PAVEMENT, ROAD } from './classes.ts'
import { END, type Scene } from './scene.ts'
import type { Segment } from './segments.ts'
import type { Texture } from './texture.ts'

const PAINT: Colour = [205, 205, 200]
const KERB: Colour = [165, 165, 162]

/** Metres. */
const LINE = 0.13
const SLAB = 0.9
const ZEBRA = { length: 3, stripe: 0.5 }

/** Road with its markings, kerbs and pavements, row by row: a row has one depth. */
export function drawGround(canvas: Canvas, scene: Scene, texture: Texture): void {
  const { camera, light, ground } = scene
  const sunward = light.sun === 'left' ? -1 : 1
  for (let y = Math.max(0, Math.ceil(camera.vanishing[1])); y < canvas.height; y++) {
    const z = groundDepth(camera, y)
    const clear = Math.exp(-z / light.visibility)
    const open = { left: isJunction(scene.left, z), right: isJunction(scene.right, z) }
    const shaded = open[light.sun] ? Number.POSITIVE_INFINITY : ground.wall - light.reach
    for (let x = 0; x < canvas.width; x++) {
      const position = camera.x + ((x + 0.5 - camera.vanishing[0]) * z) / camera.focal
      const onRoad = Math.abs(position) < ground.kerb || (position < 0 ? open.left : open.right)
      const shade = position * sunward > shaded ? light.shade : 1
      const surface = onRoad ? roadColour(scene, position, z) : pavementColour(scene, position, z)
      const pixel = y * canvas.width + x
      dot(canvas, pixel, onRoad ? ROAD : PAVEMENT, surface, shade * texture(position, z), clear)
    }
  }
}

const isJunction = (side: readonly Segment[], z: number): boolean =>
  side.some((segment) => segment.kind === 'junction' && segment.from <= z && z < segment.to)

function roadColour({ ground }: Scene, x: number, z: number): Colour {
  const { lanes, laneWidth, crossing, road } = ground
  const distance = Math.abs(x)
  if (z > END / 2 || distance > ground.kerb) return road
  if (crossing !== undefined && z > crossing && z < crossing + ZEBRA.length) {
    return Math.floor(x / ZEBRA.stripe) % 2 === 0 ? PAINT : road
  }
  const lane = distance / laneWidth
  const line = Math.round(lane)
  if (Math.abs(lane - line) * laneWidth > LINE / 2 || line > lanes) return road
  const dashed = line < lanes
  return dashed && z % 6 > 3 ? road : PAINT
}

function pavementColour({ ground }: Scene, x: number, z: number): Colour {
  const { kerb, pavement } = ground
  const distance = Math.abs(x)
  if (distance < kerb + 0.18) return KERB
  const joint = (distance % SLAB) / SLAB < 0.06 || (z < END / 4 && (z % SLAB) / SLAB < 0.06)
  return joint ? [pavement[0] * 0.8, pavement[1] * 0.8, pavement[2] * 0.8] : pavement
}
