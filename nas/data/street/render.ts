import type { Random } from '../../random.ts'
import { type Canvas, figure, newCanvas } from './canvas.ts'
import { drawCar } from './car.ts'
import { drawGround } from './ground.ts'
import type { Light } from './light.ts'
import { drawPerson } from './person.ts'
import { drawPole } from './pole.ts'
import { planScene, type Scene } from './scene.ts'
import { drawSky, drawSkyline } from './sky.ts'
import { surfaceTexture } from './texture.ts'
import type { Thing } from './things.ts'
import { drawTree } from './tree.ts'
import { drawWalls } from './walls.ts'

/** A random street: as the camera sees it, and what was painted where. */
export function renderStreet(
  height: number,
  width: number,
  rng: Random,
): { readonly image: Uint8Array; readonly canvas: Canvas } {
  const scene = planScene(height, width, rng)
  const texture = surfaceTexture(rng)
  const canvas = newCanvas(height, width, scene.light.horizon)
  drawSky(canvas, scene, texture)
  drawGround(canvas, scene, texture)
  drawSkyline(canvas, scene, texture)
  drawWalls(canvas, scene, texture)
  for (const thing of scene.things) drawThing(canvas, scene, thing)
  return { image: expose(canvas, scene.light, rng), canvas }
}

function drawThing(canvas: Canvas, { camera, light }: Scene, thing: Thing): void {
  const clear = Math.exp(-thing.z / light.visibility)
  switch (thing.kind) {
    case 'car':
      figure(canvas, 'car', () => drawCar(canvas, camera, thing, clear))
      break
    case 'person':
      figure(canvas, 'person', () => drawPerson(canvas, camera, thing, clear))
      break
    case 'pole':
      drawPole(canvas, camera, thing, clear)
      break
    case 'tree':
      drawTree(canvas, camera, thing, clear)
      break
  }
}

/** The camera: a slightly soft lens, exposure, white balance, and sensor noise. */
function expose({ height, width, colours }: Canvas, { exposure, noise }: Light, rng: Random): Uint8Array {
  const image = new Uint8Array(colours.length)
  const row = width * 3
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -row : 0
    const below = y < height - 1 ? row : 0
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? -3 : 0
      const right = x < width - 1 ? 3 : 0
      const grain = (rng.uniform() - 0.5) * noise * Math.sqrt(12)
      for (let channel = 0; channel < 3; channel++) {
        const i = y * row + x * 3 + channel
        const around = colours[i + above]! + colours[i + below]! + colours[i + left]! + colours[i + right]!
        const value = (0.68 * colours[i]! + 0.08 * around) * exposure[channel]! + grain
        image[i] = Math.min(255, Math.max(0, Math.round(value)))
      }
    }
  }
  return image
}
