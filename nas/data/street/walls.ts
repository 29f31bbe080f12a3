import type { Colour } from '../palette.ts'
import { project, wallDepth } from './camera.ts'
import { type Canvas, dot } from './canvas.ts'
import { BUILDING, FENCE } from './classes.ts'
import type { Scene } from './scene.ts'
import type { Building, Park, Segment } from './segments.ts'
import type { Texture } from './texture.ts'
import { drawTree } from './tree.ts'

/** The smallest distance of a visible wall, metres. */
const NEAR = 0.5

/** Depth of a building, metres: the length of its end wall. */
const DEPTH = 14

/** Buildings and fences of both sides, far ones first. */
export function drawWalls(canvas: Canvas, scene: Scene, texture: Texture): void {
  for (const side of ['left', 'right'] as const) {
    const sign = side === 'left' ? -1 : 1
    const shade = scene.light.sun === side ? scene.light.shade : 1
    for (const segment of scene[side].toReversed()) {
      if (segment.to <= NEAR || segment.kind === 'junction') continue
      if (segment.kind === 'park') drawTrees(canvas, scene, segment, sign)
      else drawEndWall(canvas, scene, segment, sign, texture)
      drawFront(canvas, scene, segment, sign, shade, texture)
    }
  }
}

function drawTrees(canvas: Canvas, { camera, light, ground }: Scene, park: Park, sign: number): void {
  for (const tree of park.trees) {
    if (tree.z < 2) continue
    const clear = Math.exp(-tree.z / light.visibility)
    drawTree(canvas, camera, { ...tree, x: sign * (ground.wall + tree.x) }, clear)
  }
}

/** The side along the street, column by column: a column has one depth. */
function drawFront(
  canvas: Canvas,
  scene: Scene,
  segment: Building | Park,
  sign: number,
  shade: number,
  texture: Texture,
): void {
  const x = sign * scene.ground.wall
  const ends = [segment.to, Math.max(segment.from, NEAR)].map((z) => project(scene.camera, x, 0, z)[0])
  const last = Math.min(canvas.width, Math.round(Math.max(...ends)))
  for (let column = Math.max(0, Math.round(Math.min(...ends))); column < last; column++) {
    const z = wallDepth(scene.camera, column, x)
    drawColumn(canvas, scene, segment, column, z, z - segment.from, shade, texture)
  }
}

/** The wall that faces the camera, visible across a gap or above a lower neighbour. */
function drawEndWall(canvas: Canvas, scene: Scene, building: Building, sign: number, texture: Texture): void {
  if (building.from < NEAR) return
  const { wall } = scene.ground
  const ends = [wall, wall + DEPTH].map((x) => project(scene.camera, sign * x, 0, building.from)[0])
  const first = Math.round(Math.min(...ends))
  const last = Math.min(canvas.width, Math.round(Math.max(...ends)))
  for (let column = Math.max(0, first); column < last; column++) {
    const along = ((column - first) * building.from) / scene.camera.focal
    drawColumn(canvas, scene, building, column, building.from, along, 0.85, texture)
  }
}

/** @param z metres ahead @param along metres from the start of the wall */
function drawColumn(
  canvas: Canvas,
  { camera, light }: Scene,
  segment: Segment & { readonly kind: 'building' | 'park' },
  column: number,
  z: number,
  along: number,
  shade: number,
  texture: Texture,
): void {
  const metre = camera.focal / z
  const clear = Math.exp(-z / light.visibility)
  const foot = camera.vanishing[1] + metre * camera.y
  const top = Math.max(0, Math.round(foot - metre * segment.height))
  const bottom = Math.min(canvas.height, Math.round(foot))
  for (let y = top; y < bottom; y++) {
    const up = (foot - y - 0.5) / metre
    const pixel = y * canvas.width + column
    if (segment.kind === 'building') {
      dot(canvas, pixel, BUILDING, facade(segment, along, up, texture), shade * texture(along, up), clear)
    } else if (isSolid(segment, along, up)) {
      dot(canvas, pixel, FENCE, segment.colour, shade * texture(along, up), clear)
    } else {
      // Gaps between the bars are labelled fence, as in Cityscapes.
      canvas.labels[pixel] = FENCE
    }
  }
}

function isSolid({ height, bars }: Park, along: number, up: number): boolean {
  return bars === undefined || up < 0.3 || up > height - 0.12 || along % bars < 0.1
}

const SHOP_FLOOR = 3.2

/** Colour of a building's front `along` metres from its corner and `up` metres from the ground. */
function facade(building: Building, along: number, up: number, texture: Texture): Colour {
  const { wall, glass, bay, storey, glazing, height, shop } = building
  if (shop && up < SHOP_FLOOR) {
    if (up > 2.6) return shop
    return up > 0.5 && along % 4 > 0.35 ? glass : wall
  }
  const isEdge = height - up < 0.5
  const inBay = Math.abs(((along / bay) % 1) - 0.5) < glazing[0] / 2
  const inStorey = Math.abs(((up / storey) % 1) - 0.55) < glazing[1] / 2
  if (isEdge || !inBay || !inStorey) return wall
  // Some windows have their curtains drawn.
  const curtain = texture(Math.floor(along / bay) * 3.3, Math.floor(up / storey) * 3.7) > 1.1
  return curtain ? [wall[0] * 1.15, wall[1] * 1.15, wall[2] * 1.1] : glass
}
