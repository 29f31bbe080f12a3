import type { Colour } from '../palette.ts'
import { type Canvas, dot } from './canvas.ts'
import { BUILDING, SKY, TREE } from './classes.ts'
import { END, type Scene } from './scene.ts'
import type { Texture } from './texture.ts'

/** From the zenith's colour to the horizon's, with clouds that stretch as they recede. */
export function drawSky(canvas: Canvas, { camera, light }: Scene, texture: Texture): void {
  const horizon = Math.min(canvas.height, Math.ceil(camera.vanishing[1]))
  for (let y = 0; y < horizon; y++) {
    const height = (horizon - y) / camera.focal
    const high = Math.min(1, height * 2.5)
    const colour: Colour = [
      light.horizon[0] + (light.zenith[0] - light.horizon[0]) * high,
      light.horizon[1] + (light.zenith[1] - light.horizon[1]) * high,
      light.horizon[2] + (light.zenith[2] - light.horizon[2]) * high,
    ]
    const away = 1 / (height + 0.1)
    for (let x = 0; x < canvas.width; x++) {
      const across = ((x - camera.vanishing[0]) / camera.focal) * away
      const cloud = 1 + light.clouds * (texture(across * 6 + 50, away * 6) - 1)
      dot(canvas, y * canvas.width + x, SKY, colour, cloud, 1)
    }
  }
}

const DISTANT = { building: [105, 105, 110], tree: [70, 90, 60] } as const

/** Roofs and tree tops in the haze at the end of the street. */
export function drawSkyline(canvas: Canvas, { camera, light }: Scene, texture: Texture): void {
  const foot = Math.min(canvas.height, Math.ceil(camera.vanishing[1] + (camera.focal * camera.y) / END))
  const clear = Math.exp(-END / light.visibility)
  for (let x = 0; x < canvas.width; x++) {
    const across = ((x - camera.vanishing[0]) / camera.focal) * END
    const block = Math.floor(across / 9)
    const isTree = texture(block * 0.37, 3.1) > 1.04
    const roof = isTree ? 4 + 9 * texture(across / 4, 0) : 14 * texture(block * 1.7, 9.3) ** 2
    const top = Math.max(0, Math.round(camera.vanishing[1] - (camera.focal * (roof - camera.y)) / END))
    for (let y = top; y < foot; y++) {
      const light = texture(across, y)
      dot(
        canvas,
        y * canvas.width + x,
        isTree ? TREE : BUILDING,
        DISTANT[isTree ? 'tree' : 'building'],
        light,
        clear,
      )
    }
  }
}
